import { readFileSync } from 'node:fs';
import { NonRetryableError } from '../../src/serverless-jobs/definition/non-retryable-error.js';
import { readResume } from '../../src/features/resume-analysis/resume-reader.js';

/** Reads one file as the background job does and tells how it ended, how long it took and how much memory the process needed. */
const content = readFileSync(process.argv[2]!);
const [begin, usage] = [performance.now(), process.cpuUsage()];
const end = await readResume(content).then(() => ({ code: 'READ', message: '', permanent: false }), (error: Error) => ({
  code: error instanceof NonRetryableError ? error.code : error.name, message: error.message, permanent: error instanceof NonRetryableError,
}));
// On a busy machine the time on the wall says more about its neighbours than about the file.
const { user, system } = process.cpuUsage(usage);
const milliseconds = Math.round(Math.min(performance.now() - begin, (user + system) / 1_000));
// Not getrusage: its peak counts the process that forked this one.
const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]);
process.stdout.write(JSON.stringify({ ...end, milliseconds, megabytes: Math.round(peak / 1_024) }));
process.exit(0);
