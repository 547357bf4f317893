import 'reflect-metadata';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { systemContext } from '../../src/common/request-context.js';
import { InfrastructureModule } from '../../src/infrastructure/infrastructure.module.js';
import { JobRunnerService } from '../../src/serverless-jobs/runner/job-runner.service.js';
import { ServerlessJobService } from '../../src/serverless-jobs/serverless-job.service.js';
import { ServerlessJobsModule } from '../../src/serverless-jobs/serverless-jobs.module.js';
import { StoryTeller, tellStory, type Story } from './story.js';

@Module({ imports: [InfrastructureModule, ServerlessJobsModule], providers: [StoryTeller] })
class WriterModule {}

export type WriterCommand =
  | { readonly enqueue: Story; readonly workspaceId: string }
  | { readonly deliver: string; readonly workspaceId: string };

async function obey(nest: INestApplicationContext, command: WriterCommand): Promise<object> {
  const { workspaceId } = command;
  if ('enqueue' in command) return { id: await nest.get(ServerlessJobService).enqueue(systemContext(workspaceId), tellStory, command.enqueue) };
  return nest.get(JobRunnerService).run({ workspaceId, jobId: command.deliver, messageId: null }, performance.now() + 60_000);
}

/** A process that tells stories when it is told to, and answers with what became of them. */
async function main(): Promise<void> {
  const nest = await NestFactory.createApplicationContext(WriterModule, { logger: false, abortOnError: false });
  process.on('message', (command: WriterCommand & { number: number }) => {
    void obey(nest, command).catch((error: unknown) => ({ error: String(error) })).then((answer) => process.send!({ number: command.number, answer }));
  });
  process.send!({ ready: true });
}

void main();
