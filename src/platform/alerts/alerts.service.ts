import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Clock } from '../../common/clock.js';
import type { RequestContext } from '../../common/request-context.js';
import { ServerlessJobService } from '../../serverless-jobs/serverless-job.service.js';
import { NotificationService } from '../notifications/notification.service.js';
import { sendAlert } from './alerts.jobs.js';

export type Alert = z.input<typeof sendAlert.payload>;

/** Raises alerts, as one a workspace, type of job and hour however many there are. */
@Injectable()
export class AlertService {
  constructor(
    @Inject(NotificationService) private readonly notifications: NotificationService,
    @Inject(ServerlessJobService) private readonly jobs: ServerlessJobService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Tells owners and admins in the inbox and enqueues what leaves Perch, both in the surrounding write. */
  async raise(context: RequestContext, alert: Alert): Promise<void> {
    const key = `${alert.kind} ${alert.type} ${this.clock.now().toISOString().slice(0, 13)}`;
    await this.notifications.addForAdministrators(context, { kind: `background_job_${alert.kind}`, dedupeKey: key, body: { ...alert } });
    // An alert that cannot be sent raises no other one to be sent.
    if (alert.type !== sendAlert.name) await this.jobs.enqueue(context, sendAlert, alert, { dedupeKey: key });
  }
}
