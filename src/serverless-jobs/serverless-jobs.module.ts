import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobRegistry } from './definition/job-registry.js';
import { JobPublisher } from './outbox/job-publisher.js';
import { JobSweeper } from './outbox/job-sweeper.js';
import { JobRunnerDoor } from './runner/job-runner.door.js';
import { JobRunnerService } from './runner/job-runner.service.js';
import { ServerlessJobService } from './serverless-job.service.js';
import { QStashTransport } from './transports/qstash.transport.js';
import { Transport } from './transports/transport.js';

/** Durable background work: PostgreSQL holds it, a transport wakes it up. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    JobRegistry, JobPublisher, JobSweeper, JobRunnerService, JobRunnerDoor, ServerlessJobService,
    { provide: Transport, useClass: QStashTransport },
  ],
  exports: [JobRunnerService, JobSweeper, ServerlessJobService, Transport],
})
export class ServerlessJobsModule {}
