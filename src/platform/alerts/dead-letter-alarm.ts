import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../common/request-context.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { OnDeadLetter, type DeadLetter, type DeadLetterListener } from '../../serverless-jobs/dead-letters/dead-letter.js';
import { AlertService } from './alerts.service.js';

/** Raises an alert for each job that failed for good, in the transaction in which it did. */
@Injectable()
@OnDeadLetter(true)
export class DeadLetterAlarm implements DeadLetterListener {
  constructor(
    @Inject(AlertService) private readonly alerts: AlertService,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async on(context: RequestContext, { jobId, type, code, message }: DeadLetter): Promise<void> {
    this.logger.warn('a background job failed for good', { jobId, type, code, workspaceId: context.workspaceId });
    await this.alerts.raise(context, { kind: 'dead_letter', jobId, type, code: code.slice(0, 100), message: message.slice(0, 2_000) });
  }
}
