import 'reflect-metadata';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemContext } from '../../src/common/request-context.js';
import { Database } from '../../src/infrastructure/database/database.js';
import { InfrastructureModule } from '../../src/infrastructure/infrastructure.module.js';
import type { DoorResponse } from '../../src/protocols/http/door.js';
import { problemResponse } from '../../src/protocols/http/problem.js';
import { readBody } from '../../src/protocols/http/request-body.js';
import { JobControlService } from '../../src/serverless-jobs/control/job-control.service.js';
import { JobSweeper } from '../../src/serverless-jobs/outbox/job-sweeper.js';
import { JobRunnerDoor } from '../../src/serverless-jobs/runner/job-runner.door.js';
import { ServerlessJobService } from '../../src/serverless-jobs/serverless-job.service.js';
import { ServerlessJobsModule } from '../../src/serverless-jobs/serverless-jobs.module.js';
import { arm, installFailpoints, type Failpoint } from './failpoints.js';
import { FiveStepsWorkflow, fiveSteps, stubbornChunks, StubbornChunksHandler, threeChunks, ThreeChunksHandler, threeSteps, ThreeStepsWorkflow } from './ledger-jobs.js';

/** One instance of a small application: it takes orders, each with a job, and runs what is delivered to it. */
@Module({ imports: [InfrastructureModule, ServerlessJobsModule], providers: [ThreeChunksHandler, StubbornChunksHandler, ThreeStepsWorkflow, FiveStepsWorkflow] })
class InstanceModule {}

let nest: INestApplicationContext;

const KINDS = { threeChunks, stubbornChunks, threeSteps, fiveSteps };

interface Order {
  readonly workspaceId: string;
  readonly key: string;
  readonly kind: keyof typeof KINDS;
}

async function order({ workspaceId, key, kind }: Order): Promise<DoorResponse> {
  const context = systemContext(workspaceId);
  const id = await nest.get(Database).write(context, async (manager) => {
    await manager.query('INSERT INTO placed_order (key) VALUES ($1) ON CONFLICT (key) DO NOTHING', [key]);
    return nest.get(ServerlessJobService).enqueue(context, KINDS[kind], { key }, { dedupeKey: key });
  });
  return { status: 200, body: JSON.stringify({ id }) };
}

async function cancel({ workspaceId, id }: { workspaceId: string; id: string }): Promise<DoorResponse> {
  await nest.get(JobControlService).cancel(systemContext(workspaceId), id);
  return { status: 200, body: '{}' };
}

async function answer(request: IncomingMessage): Promise<DoorResponse> {
  const body = await readBody(request, 100_000);
  if (request.url === '/order') return order(JSON.parse(body.toString()) as Order);
  if (request.url === '/cancel') return cancel(JSON.parse(body.toString()) as { workspaceId: string; id: string });
  if (request.url === '/sweep') return { status: 200, body: JSON.stringify(await nest.get(JobSweeper).sweepByReason()) };
  return nest.get(JobRunnerDoor).handle({
    method: 'POST', url: new URL('http://instance/api/job-runner'), headers: request.headers, ip: '127.0.0.1', requestId: 'fault', raw: request, body: async () => body,
  });
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers = {}, body } = await answer(request).catch((error: unknown) => problemResponse(error, 'fault'));
  response.writeHead(status, headers as Record<string, string>).end(body);
}

async function main(): Promise<void> {
  installFailpoints();
  nest = await NestFactory.createApplicationContext(InstanceModule, { logger: false, abortOnError: false });
  process.on('message', (message: { arm: Failpoint | null }) => {
    arm(message.arm);
    process.send!({ armed: true });
  });
  const server = createServer((request, response) => void serve(request, response));
  server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
}

void main();
