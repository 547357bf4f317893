import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { startWorker, type RunningWorker } from '../../../src/bootstrap/worker.js';
import { newId } from '../../../src/common/ids.js';
import { systemContext } from '../../../src/common/request-context.js';
import { Database } from '../../../src/infrastructure/database/database.js';
import type { DoorResponse } from '../../../src/protocols/http/door.js';
import { problemResponse } from '../../../src/protocols/http/problem.js';
import { readBody } from '../../../src/protocols/http/request-body.js';
import { JobSweeper } from '../../../src/serverless-jobs/outbox/job-sweeper.js';
import { drainCall, wakeUpOf, WAKING_COLUMNS, type WakingJob } from '../../../src/serverless-jobs/outbox/wake-up.js';
import { JobRunnerDoor } from '../../../src/serverless-jobs/runner/job-runner.door.js';
import { ServerlessJobService } from '../../../src/serverless-jobs/serverless-job.service.js';
import { Transport } from '../../../src/serverless-jobs/transports/transport.js';
import type { Command, ProbePayload } from './probe-command.js';
import { chunkedJob, ProbeModule, probeJob, WORKSPACE } from './probe-jobs.js';

/** A process of the suite: an application with the probe jobs that takes commands, and consumes by the means that its environment names. */
const { PROBE_ROLE: role = 'producer', PROBE_PORT: port = '0', PROBE_CONCURRENCY: concurrency = '4' } = process.env;

function serve(nest: INestApplicationContext): Promise<Server> {
  const answer = async (request: IncomingMessage): Promise<DoorResponse> => {
    const requestId = newId();
    const door = nest.get(JobRunnerDoor, { strict: false });
    return door.handle({
      method: request.method!, url: new URL(request.url!, 'http://perch.invalid'), headers: request.headers, ip: '', requestId, raw: request, body: (limit) => readBody(request, limit),
    }).catch((error: unknown) => problemResponse(error, requestId));
  };
  const server = createServer((request, response) => void answer(request).then(({ status, headers, body }) => response.writeHead(status, headers as Record<string, string>).end(body as string)));
  return new Promise((done) => server.listen(Number(port), '127.0.0.1', () => done(server)));
}

/** Publishes the calls of a job as many times as told, as a transport that doubles would deliver them. */
async function publish(nest: INestApplicationContext, id: string, times: number): Promise<unknown> {
  const [job] = await nest.get(Database).write(systemContext(WORKSPACE), (manager) => manager.query<WakingJob[]>(`SELECT ${WAKING_COLUMNS} FROM background_job WHERE id = $1`, [id]));
  return nest.get(Transport).publish(Array.from({ length: times }, () => wakeUpOf(job!)));
}

async function enqueue(nest: INestApplicationContext, payloads: readonly ProbePayload[]): Promise<string[]> {
  const context = systemContext(WORKSPACE);
  return nest.get(Database).write(context, async () => {
    const ids: string[] = [];
    for (const { delay, priority, ...payload } of payloads) {
      ids.push(await nest.get(ServerlessJobService).enqueue(context, probeJob, payload, { ...(delay === undefined ? {} : { delay }), ...(priority === undefined ? {} : { priority }) }));
    }
    return ids;
  });
}

async function carryOut(nest: INestApplicationContext, command: Command): Promise<unknown> {
  if ('enqueue' in command) return enqueue(nest, command.enqueue);
  if ('chunked' in command) return nest.get(ServerlessJobService).enqueue(systemContext(WORKSPACE), chunkedJob, command.chunked);
  if ('publish' in command) return publish(nest, command.publish, command.times);
  if ('drain' in command) return nest.get(Transport).publish([drainCall(new Date())]);
  return nest.get(JobSweeper).sweep();
}

async function main(): Promise<void> {
  const nest = await NestFactory.createApplicationContext(ProbeModule, { logger: false, abortOnError: false });
  const server = role === 'http' ? await serve(nest) : null;
  const worker: RunningWorker | null = role === 'worker' ? await startWorker(nest, Number(concurrency)) : null;
  process.on('message', ({ number, command }: { number: number; command: Command }) => {
    const begin = performance.now();
    void carryOut(nest, command).then(
      (value) => process.send!({ number, value, took: performance.now() - begin }),
      (error: unknown) => process.send!({ number, error: String(error) }),
    );
  });
  process.once('SIGTERM', () => {
    server?.closeAllConnections();
    void Promise.resolve(worker?.stop()).then(() => nest.close()).then(() => process.exit(0));
  });
  process.send!({ ready: true });
}

void main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
