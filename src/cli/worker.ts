import { createApplication } from '../bootstrap/create-application.js';
import { startWorker } from '../bootstrap/worker.js';
import { messageOf } from '../common/errors.js';
import { numberOption } from './number-option.js';

const MOST_AT_ONCE = 1_000;
/** Longest time for closing connections once the jobs have ended or were given up. */
const CLOSE_LIMIT_MS = 2_000;

/** Runs jobs that travel by BullMQ until SIGTERM or SIGINT; a second signal ends at once. Returns the exit code. */
export async function workerCommand(args: readonly string[]): Promise<number> {
  const concurrency = numberOption(args, 'concurrency', 10, MOST_AT_ONCE);
  if (concurrency === null) {
    process.stderr.write(`Usage: perch worker [--concurrency 1 to ${MOST_AT_ONCE}]\n`);
    return 2;
  }
  const signalled = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        done();
        process.on(signal, () => process.exit(1));
      });
    }
  });
  try {
    const application = await createApplication();
    const worker = await startWorker(application.nest, concurrency);
    process.stdout.write(`The worker is ready: ${concurrency} ${concurrency === 1 ? 'job' : 'jobs'} at once.\n`);
    await signalled;
    await worker.stop();
    await Promise.race([application.close(), new Promise((done) => setTimeout(done, CLOSE_LIMIT_MS))]);
    return 0;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}
