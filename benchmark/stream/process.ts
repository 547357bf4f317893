import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendStream } from '../../src/bootstrap/streamed-answer.js';
import { systemContext } from '../../src/common/request-context.js';
import { InfrastructureModule } from '../../src/infrastructure/infrastructure.module.js';
import { formatEvent } from '../../src/protocols/sse/server-sent-events.js';
import { RunEventLog } from '../../src/serverless-jobs/run-events/run-event-log.service.js';
import { JobRunnerService } from '../../src/serverless-jobs/runner/job-runner.service.js';
import { ServerlessJobService } from '../../src/serverless-jobs/serverless-job.service.js';
import { ServerlessJobsModule } from '../../src/serverless-jobs/serverless-jobs.module.js';
import { sendTokens, TokenSender, WORKSPACE } from './tokens.js';

const LIMIT_MS = 120_000;

@Module({ imports: [InfrastructureModule, ServerlessJobsModule], providers: [TokenSender] })
class StreamModule {}

/** Runs jobs that append tokens, or, with the argument `reader`, serves the events of runs as the door does. */
async function main(): Promise<void> {
  const nest = await NestFactory.createApplicationContext(StreamModule, { logger: false, abortOnError: false });
  const context = systemContext(WORKSPACE);
  process.on('message', ({ count, deliver }: { count?: number; deliver?: string }) => {
    if (count !== undefined) void nest.get(ServerlessJobService).enqueue(context, sendTokens, { count }).then((id) => process.send!({ id }));
    if (deliver !== undefined) void nest.get(JobRunnerService).run({ workspaceId: WORKSPACE, jobId: deliver, messageId: null }, performance.now() + LIMIT_MS).then(({ kind }) => process.send!({ kind }));
  });
  const server = createServer((request, response) => void sendStream(response, {
    limit: LIMIT_MS,
    parts: async function* (signal) {
      for await (const { events } of nest.get(RunEventLog).follow(context, request.url!.slice(1), 0, signal)) yield events.map((event) => formatEvent({ id: event.sequence, data: event })).join('');
    },
  }));
  server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
}

void main();
