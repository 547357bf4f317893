import { NonRetryableError } from '../definition/non-retryable-error.js';
import type { StepKind } from './step-row.js';

const REMEDY = 'Put the steps back as they were when the run began, tell the versions apart by run.version, or retry the run from a step that both versions have.';

export const duplicateStep = (name: string): NonRetryableError =>
  new NonRetryableError('DUPLICATE_STEP', `The workflow asks for the step "${name}" more than once. Give each step of a run a name of its own, for example with the number of its round.`);

export const nestedStep = (name: string, outer: string): NonRetryableError =>
  new NonRetryableError('NESTED_STEP', `The step "${name}" is asked for inside the step "${outer}". Ask for it beside that step.`);

export const invalidStep = (message: string): NonRetryableError => new NonRetryableError('INVALID_STEP', message);

export const tooManySteps = (limit: number): NonRetryableError =>
  new NonRetryableError('TOO_MANY_STEPS', `The run has more than ${limit} steps. Divide the work among child workflows.`);

export const kindChanged = (name: string, stored: StepKind, asked: StepKind): NonRetryableError =>
  new NonRetryableError('WORKFLOW_CHANGED', `The step "${name}" was of the kind "${stored}" when the run reached it and is "${asked}" now. ${REMEDY}`);

/** `next` is the new step that the workflow asks for instead; null where it returned. */
export const stepsMissing = (missing: string, next: string | null): NonRetryableError => {
  const instead = next === null ? 'returned' : `wants to begin the step "${next}"`;
  return new NonRetryableError('WORKFLOW_CHANGED', `The workflow no longer asks for the step "${missing}", which the run has reached, and ${instead}. ${REMEDY}`);
};
