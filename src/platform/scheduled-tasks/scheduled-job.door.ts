import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { DomainError, invalidInput, unauthenticated } from '../../common/errors.js';
import { sameSecret } from '../../common/secrets.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { HttpDoor, jsonResponse, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { publicError } from '../../protocols/http/problem.js';
import { ScheduleService } from '../../serverless-jobs/schedules/schedule.service.js';
import { Transport } from '../../serverless-jobs/transports/transport.js';
import { ScheduledTaskRegistry } from './scheduled-task.registry.js';

const BODY_LIMIT = 65_536;

/** GET or POST /api/scheduled-job, with ?task= or ?schedule= for a single one: called by the platform's cron with CRON_SECRET, or by a QStash schedule with a signature. */
@Injectable()
@HttpDoor('scheduled-job')
export class ScheduledJobDoor implements Door {
  constructor(
    @Inject(ScheduledTaskRegistry) private readonly tasks: ScheduledTaskRegistry,
    @Inject(Transport) private readonly transport: Transport,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(ScheduleService) private readonly schedules: ScheduleService,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    if (request.method !== 'GET' && request.method !== 'POST') throw new DomainError('METHOD_NOT_ALLOWED', 'Use GET or POST.', 405);
    const body = await request.body(BODY_LIMIT);
    if (!(await this.mayCall(request, body))) throw unauthenticated('Scheduled jobs need the CRON_SECRET or a signed delivery.');
    const schedule = request.url.searchParams.get('schedule');
    if (schedule !== null) return this.runSchedule(schedule);
    const only = request.url.searchParams.get('task');
    const names = only === null ? this.tasks.names : [only];
    const begun: Record<string, number> = {};
    const failed: string[] = [];
    for (const name of names) {
      const task = this.tasks.find(name);
      if (!task) throw invalidInput(`There is no task "${name}". Known: ${this.tasks.names.join(', ')}.`, 'task');
      try {
        begun[name] = await task.start(this.clock.now());
      } catch (error) {
        if (publicError(error).code === 'READ_ONLY') throw error;
        this.logger.error('a scheduled task failed', error, { task: name });
        failed.push(name);
      }
    }
    if (only === null) await this.tasks.noteCall();
    return jsonResponse(failed.length > 0 ? 500 : 200, { begun, failed });
  }

  private async runSchedule(name: string): Promise<DoorResponse> {
    const known = this.schedules.definitions.map((definition) => definition.name);
    if (!known.includes(name)) throw invalidInput(`There is no schedule "${name}". Known: ${known.join(', ')}.`, 'schedule');
    return jsonResponse(200, { begun: { [name]: await this.schedules.runDue(null, name) }, failed: [] });
  }

  private async mayCall(request: DoorRequest, body: Buffer): Promise<boolean> {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined && this.environment.cronSecret !== null) return sameSecret(token, this.environment.cronSecret);
    const signature = request.headers['upstash-signature'];
    if (typeof signature !== 'string') return false;
    return this.transport.verify({ body, signature, path: `${request.url.pathname}${request.url.search}` });
  }
}
