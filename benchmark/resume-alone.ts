import { readAlone } from './resume.js';

/** The process for what only an empty one shows: `resume-alone.js READER FILE...` prints the cold start and the peak of memory. */
const [reader, ...paths] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await readAlone(reader as Parameters<typeof readAlone>[0], paths)));
