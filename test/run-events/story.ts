import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { defineWorkflow } from '../../src/serverless-jobs/definition/define-workflow.js';
import { WorkflowHandler, type WorkflowWork } from '../../src/serverless-jobs/workflows/workflow-handler.js';
import type { WorkflowRun, WorkflowSteps } from '../../src/serverless-jobs/workflows/workflow-steps.js';

export interface Story {
  readonly sections: number;
  readonly words: number;
  /** Milliseconds between two words. */
  readonly pace: number;
  /** Milliseconds for which the transaction that ends a section stays open. */
  readonly hold?: number | undefined;
}

export const tellStory = defineWorkflow({
  name: 'tellStory', payload: z.object({ sections: z.number(), words: z.number(), pace: z.number(), hold: z.number().optional() }), retries: 50, timeout: 60_000,
});

const word = (section: number, index: number): string => `s${section}w${index}${index % 7 === 0 ? ' 🙂é\n' : ' '}`;

/** The text that each section has in the end. */
export const storyTexts = ({ sections, words }: Story): [string, string][] => Array.from({ length: sections }, (_, section) =>
  [`part ${section}`, Array.from({ length: words }, (_unused, index) => word(section, index)).join('')]);

/** Tells a story word by word, each section in a step; what belongs together is stored together. */
@Injectable()
@WorkflowHandler(tellStory)
export class StoryTeller implements WorkflowWork<typeof tellStory> {
  async run(step: WorkflowSteps, { sections, words, pace, hold = 0 }: Story, run: WorkflowRun): Promise<void> {
    for (let number = 0; number < sections; number++) {
      await step.run(`section ${number}`, async (attempt) => {
        const section = await run.events.section(`part ${number}`);
        for (let index = 0; index < words; index++) {
          // Characters of two halves are cut in their middle, as streams of tokens do.
          for (const half of word(number, index).split('')) section.write(half);
          if (pace > 0) await pause(pace);
        }
        await section.flush();
        await attempt.complete(async (manager) => {
          await section.done(manager);
          if (hold > 0) await pause(hold);
        });
      }, { retries: 50 });
    }
  }
}
