import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { MailService } from '../mail/mail.service.js';
import { AlertWebhook } from './alert-webhook.service.js';
import { sendAlert } from './alerts.jobs.js';

type Alert = z.output<typeof sendAlert.payload>;

const COUNT = `SELECT count(*)::int AS count FROM background_job WHERE workspace_id = $1 AND type = $2 AND state = 'dead' AND finished_at > now() - interval '1 hour'`;

const sentence = ({ kind, type }: Alert, count: number): string =>
  kind === 'dead_letter' ? `${count} background jobs "${type}" failed for good within an hour.` : `Background jobs "${type}" do not begin although they were sent again many times.`;

/** Writes a line into the log, posts to the webhook and sends a mail; each once, also when another of them has to be tried again. */
@Injectable()
@JobHandler(sendAlert)
export class SendAlert implements JobWork<typeof sendAlert> {
  constructor(
    @Inject(AlertWebhook) private readonly webhook: AlertWebhook,
    @Inject(MailService) private readonly mail: MailService,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async handle(job: RunningJob, alert: Alert): Promise<void> {
    const [{ count }] = await job.transaction((manager) => manager.query<[{ count: number }]>(COUNT, [job.context.workspace, alert.type]));
    const text = sentence(alert, count);
    if (job.cursor === null) {
      this.logger.error(text, new Error(alert.message), { alert: alert.kind, workspaceId: job.context.workspace, type: alert.type, code: alert.code, jobId: alert.jobId });
      await job.advance({ cursor: { told: true }, done: 1, total: 2 }, () => this.sendMail(job, alert, text));
    }
    await this.webhook.post({ id: job.id, ...alert, text, count, workspaceId: job.context.workspace });
    await job.complete(() => Promise.resolve({ count }));
  }

  /** A mail that failed is not reported by mail. */
  private async sendMail(job: RunningJob, alert: Alert, text: string): Promise<void> {
    const { alertEmail, publicUrl } = this.environment;
    if (alertEmail === null || alert.type === 'sendMail') return;
    await this.mail.send(job.context, {
      to: alertEmail, kind: 'background_job_alert', dedupeKey: `alert ${job.id}`, subject: text.slice(0, 200),
      text: `${text}\n\n${alert.code}: ${alert.message}\n\n${publicUrl ?? ''}/background-jobs?state=dead`,
    });
  }
}
