import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobRegistry } from './definition/job-registry.js';
import { JobPublisher } from './outbox/job-publisher.js';
import { JobSweeper } from './outbox/job-sweeper.js';
import { DeadLetters } from './dead-letters/dead-letters.service.js';
import { JobControlService } from './control/job-control.service.js';
import { WorkflowControlService } from './control/workflow-control.service.js';
import { AttemptEnding } from './runner/attempt-ending.js';
import { JobAttemptService } from './runner/job-attempt.service.js';
import { TracedAttempts } from './runner/traced-attempts.service.js';
import { JobDrainer } from './runner/job-drainer.js';
import { JobRunnerDoor } from './runner/job-runner.door.js';
import { JobRunnerService } from './runner/job-runner.service.js';
import { LeaseKeeper } from './runner/lease-keeper.js';
import { RunningJobs } from './runner/running-jobs.service.js';
import { RunEventLog } from './run-events/run-event-log.service.js';
import { RunEventStream } from './run-events/run-event-stream.js';
import { ScheduleCalls } from './schedules/schedule-calls.service.js';
import { ScheduleService } from './schedules/schedule.service.js';
import { ServerlessJobService } from './serverless-job.service.js';
import { WakeUpRunner } from './runner/wake-up-runner.js';
import { BullMQConsumer } from './transports/bullmq-consumer.js';
import { BullMQTransport } from './transports/bullmq.transport.js';
import { InProcessTransport } from './transports/in-process.transport.js';
import { MirrorRecorder } from './transports/mirror-recorder.js';
import { MirrorReport } from './transports/mirror-report.js';
import { QStashTransport } from './transports/qstash.transport.js';
import { TransportRouter } from './transports/transport-router.js';
import { Transport } from './transports/transport.js';
import { WorkflowEngine } from './workflows/workflow-engine.service.js';
import { WorkflowEvents } from './workflows/workflow-events.service.js';

/** Durable background work: PostgreSQL holds it, a transport wakes it up. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    JobRegistry, JobPublisher, JobSweeper, DeadLetters, LeaseKeeper, AttemptEnding, RunningJobs, JobAttemptService, TracedAttempts, JobDrainer, JobRunnerService, JobRunnerDoor,
    ServerlessJobService, JobControlService, WorkflowControlService, WorkflowEngine, WorkflowEvents, WakeUpRunner, MirrorRecorder, MirrorReport, ScheduleService, ScheduleCalls,
    RunEventLog, RunEventStream, QStashTransport, BullMQTransport, InProcessTransport, BullMQConsumer,
    { provide: Transport, useClass: TransportRouter },
  ],
  exports: [JobRegistry, JobPublisher, JobRunnerService, JobDrainer, JobSweeper, ServerlessJobService, JobControlService, WorkflowControlService, WorkflowEvents, ScheduleService, ScheduleCalls, RunEventLog, Transport],
})
export class ServerlessJobsModule {}
