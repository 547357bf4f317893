import type { Server } from 'node:http';
import type { PerchApplication } from './create-application.js';
import type { LocalServices } from './local-services.js';
import { endStreams } from './streamed-answer.js';

/** Longest time that requests under way may take before the process ends anyway; background jobs are taken up again later. */
const DRAIN_LIMIT_MS = 10_000;

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  endStreams();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((done) => (timer = setTimeout(done, DRAIN_LIMIT_MS)));
  await Promise.race([closed, limit]);
  clearTimeout(timer);
  server.closeAllConnections();
}

/** What the process has begun, and so has to end. */
export interface Started {
  readonly server: Server;
  readonly services: LocalServices;
  /** Null while it starts. */
  application: PerchApplication | null;
}

/**
 * On SIGINT and SIGTERM, from the first moment on: takes no more requests, finishes those under way, lets streams end, then stops what was
 * started. A second signal ends at once. Returns whether it is stopping.
 */
export function stopOnSignal(started: Started): () => boolean {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    await drain(started.server);
    await started.application?.close();
    await started.services.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop().catch(() => process.exit(1)));
  return () => stopping;
}
