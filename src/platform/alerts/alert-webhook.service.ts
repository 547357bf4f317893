import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';

const LIMIT_MS = 10_000;

/** Posts alerts to the webhook of the people who run Perch. */
@Injectable()
export class AlertWebhook {
  constructor(@Inject(ENVIRONMENT) private readonly environment: Environment) {}

  get isSet(): boolean {
    return this.environment.alertWebhookUrl !== null;
  }

  /** Posts the alert as JSON; does nothing without an address. Throws ALERT_NOT_TAKEN unless the answer is 2xx within 10 s. */
  async post(alert: JsonObject, limit = LIMIT_MS): Promise<void> {
    const { alertWebhookUrl } = this.environment;
    if (alertWebhookUrl === null) return;
    let status: number;
    try {
      // A redirect could lead away from what was checked, so none is followed.
      const answer = await fetch(alertWebhookUrl, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(alert), redirect: 'error', signal: AbortSignal.timeout(limit),
      });
      await answer.body?.cancel();
      status = answer.status;
    } catch {
      throw new DomainError('ALERT_NOT_TAKEN', 'The alert webhook did not answer.', 502, true);
    }
    if (status < 200 || status > 299) throw new DomainError('ALERT_NOT_TAKEN', `The alert webhook answered ${status}.`, 502, true);
  }
}
