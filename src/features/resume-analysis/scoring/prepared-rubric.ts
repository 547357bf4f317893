import { foldText } from './fold-text.js';
import { jobText, type JobText } from './job-text.js';
import type { JobRequirements } from './score.js';
import { formsOf, type Form } from './skill-names.js';

const STOP_WORDS = new Set(['and', 'the', 'for', 'with', 'senior', 'junior', 'lead', 'of', 'in', 'at', 'm', 'f', 'd', 'w', 'x', 'und', 'fur', 'all', 'genders']);
const MAKERS = ['engineer', 'developer', 'programmer', 'entwickler'];

/** A rubric with everything worked out that does not depend on a resume, so that it can be used for many. */
export interface PreparedRubric {
  readonly requirements: JobRequirements;
  readonly criteria: readonly { readonly label: string; readonly necessity: 'must' | 'nice'; readonly forms: readonly Form[] }[];
  /** The words of the title, each in all ways to write it. */
  readonly title: readonly (readonly Form[])[];
  readonly jobText: JobText;
}

export function prepareRubric(requirements: JobRequirements): PreparedRubric {
  const { title, description, criteria } = requirements;
  const words = foldText(title).split(/[^\p{L}\p{N}+#.]+/u).filter((word) => word.length > 1 && !STOP_WORDS.has(word));
  return {
    requirements,
    criteria: criteria.map(({ label, necessity }) => ({ label, necessity, forms: formsOf(label) })),
    title: words.map((word) => (MAKERS.includes(word) ? MAKERS.map((text) => ({ text, written: null })) : formsOf(word))),
    jobText: jobText(description, criteria.map(({ label }) => label)),
  };
}
