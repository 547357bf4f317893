import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A resume from test/fixtures/resumes. */
export const resume = (name: string): Buffer => readFileSync(fileURLToPath(new URL(`../../../test/fixtures/resumes/${name}`, import.meta.url)));

/** A resume of which the end was lost on the way: it begins as a PDF and cannot be read. */
export const cutResume = (): Buffer => resume('engineer.pdf').subarray(0, 2_000);
