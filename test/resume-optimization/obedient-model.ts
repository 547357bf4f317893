import type { FakeAnswer, ReceivedCall } from '../support/fake-model-server.js';

export type Task = 'analysis' | 'summary' | 'work' | 'skills' | 'polish' | 'letter';

const TASKS: readonly (readonly [Task, string])[] = [
  ['analysis', 'List what the job asks for'], ['summary', 'Write a summary'], ['work', 'Reword the points'], ['skills', 'Order these skills'], ['polish', 'Correct grammar'], ['letter', 'cover letter'],
];

export const promptOf = ({ body }: ReceivedCall): string => body.messages!.find(({ role }) => role === 'user')!.content;
export const taskOf = (call: ReceivedCall): Task => TASKS.find(([, words]) => promptOf(call).includes(words))![0];

/** The lines of the last quoted text of a request. */
export function quotedLines(call: ReceivedCall): string[] {
  const marker = /^=====[0-9a-f]{24}=====$/m.exec(promptOf(call))![0];
  return promptOf(call).split(marker).at(-2)!.trim().split('\n').map((line) => line.replace(/^\d+\| /, ''));
}

/** What an honest model would write: the texts as they are. */
export function faithful(call: ReceivedCall): string {
  const task = taskOf(call);
  if (task === 'analysis') return JSON.stringify({ mustHave: ['Python', 'PostgreSQL'], niceToHave: [], keywords: ['pipelines'] });
  if (task === 'letter') return 'I would like to apply for the position.\nIn my work I led 5 engineers who moved 120 pipelines to PostgreSQL.';
  if (task === 'summary') return 'Engineer for data platforms with a focus on reliable pipelines.';
  return quotedLines(call).join('\n');
}

const USAGE = { input: 1_000, cached: 0, output: 100 } as const;

/** Answers each call as `write` says, at once unless told. */
export const answering = (write: (call: ReceivedCall) => string, slow: Partial<Exclude<FakeAnswer, string>> = {}) => (call: ReceivedCall): FakeAnswer => ({ text: write(call), usage: USAGE, ...slow }) as FakeAnswer;
