import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import type { RequestContext } from '../../common/request-context.js';
import type { Environment } from '../../config/environment.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { MailService } from '../mail/mail.service.js';
import { NotificationService } from '../notifications/notification.service.js';
import type { DisabledReason } from './webhook.entity.js';

/** An endpoint that did nothing but fail for so long is left alone. */
export const FAILING_LIMIT_MS = 5 * 86_400_000;

const DISABLE = `
UPDATE webhook SET state = 'disabled', disabled_reason = $3, disabled_at = $4, updated_at = $4, version = version + 1
WHERE workspace_id = $1 AND id = $2 AND state = 'enabled' RETURNING name`;
const SUCCEEDED = 'UPDATE webhook SET failing_since = NULL WHERE workspace_id = $1 AND id = $2 AND failing_since IS NOT NULL';
const FAILED = 'UPDATE webhook SET failing_since = coalesce(failing_since, $3) WHERE workspace_id = $1 AND id = $2 RETURNING failing_since AS since';
const ADMINISTRATORS = `
SELECT u.id, u.email AS address, u.display_name AS name FROM membership m JOIN user_account u ON u.id = m.user_id AND u.disabled_at IS NULL
WHERE m.workspace_id = $1 AND m.role IN ('owner', 'admin') ORDER BY u.id`;

const WHY: Readonly<Record<Exclude<DisabledReason, 'by_member'>, string>> = {
  gone: 'It answered 410, which says that it wants no more messages.',
  failing: 'Nothing that was sent to it for five days arrived.',
};

interface Administrator {
  readonly id: string;
  readonly address: string;
  readonly name: string;
}

/** Follows how an endpoint does and turns off what does not work, with word to those who can mend it. */
@Injectable()
export class WebhookSwitch {
  constructor(
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(NotificationService) private readonly notifications: NotificationService,
    @Inject(MailService) private readonly mail: MailService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Notes an attempt in the surrounding write; whether the endpoint is turned off by it. */
  async note(context: RequestContext, manager: EntityManager, webhookId: string, { succeeded, gone, at }: { succeeded: boolean; gone: boolean; at: Date }): Promise<boolean> {
    if (succeeded) {
      await manager.query(SUCCEEDED, [context.workspace, webhookId]);
      return false;
    }
    const [[failing]] = await manager.query<[{ since: Date }[], number]>(FAILED, [context.workspace, webhookId, at]);
    if (!failing) return false;
    if (gone) return this.disable(context, manager, webhookId, 'gone');
    return at.getTime() - failing.since.getTime() >= FAILING_LIMIT_MS && this.disable(context, manager, webhookId, 'failing');
  }

  /** Turns the endpoint off in the surrounding write; false where it was off already. */
  async disable(context: RequestContext, manager: EntityManager, webhookId: string, reason: DisabledReason): Promise<boolean> {
    const at = this.clock.now();
    const [[webhook]] = await manager.query<[{ name: string }[], number]>(DISABLE, [context.workspace, webhookId, reason, at]);
    if (!webhook) return false;
    await this.auditLog.record(context, 'webhook.disable', { type: 'webhook', id: webhookId }, { reason });
    if (reason !== 'by_member') await this.tell(context, manager, { id: webhookId, name: webhook.name, reason, at });
    return true;
  }

  private async tell(context: RequestContext, manager: EntityManager, { id, name, reason, at }: { id: string; name: string; reason: Exclude<DisabledReason, 'by_member'>; at: Date }): Promise<void> {
    const key = `${id} ${at.toISOString()}`;
    await this.notifications.addForAdministrators(context, { kind: 'webhook_disabled', dedupeKey: key, body: { webhookId: id, name, reason } });
    const text = `Perch no longer sends events to the webhook "${name}". ${WHY[reason]}\n\n`
      + `Mend the endpoint, enable the webhook and send what has failed once more:\n${this.environment.publicUrl ?? ''}/settings/webhooks/${id}`;
    for (const { id: userId, address, name: toName } of await manager.query<Administrator[]>(ADMINISTRATORS, [context.workspace])) {
      await this.mail.send(context, {
        to: { address, name: toName }, kind: 'webhook_disabled', about: { type: 'webhook', id }, dedupeKey: `${key} ${userId}`,
        subject: `The webhook "${name}" was disabled`, text,
      });
    }
  }
}
