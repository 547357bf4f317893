import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { DomainError, invalidInput, notFound } from '../../common/errors.js';
import { isId, newId } from '../../common/ids.js';
import type { RequestContext } from '../../common/request-context.js';
import { parseInput, shortText, textUpTo } from '../../common/validation.js';
import { Database } from '../../infrastructure/database/database.js';
import { isUniqueViolation } from '../../infrastructure/database/database-errors.js';
import { OutboundError } from '../../infrastructure/outbound-http/outbound-error.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { WebhookEventRegistry } from './webhook-event.registry.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhookSender } from './webhook-sender.js';
import { newWebhookSecret } from './webhook-signature.js';
import { WebhookSwitch } from './webhook-switch.service.js';
import { Webhook } from './webhook.entity.js';

const MAX_WEBHOOKS = 20;

/** What an endpoint is made of. */
export const WEBHOOK_INPUT = z.object({
  /** It stands in the subject of mails, which is one line. */
  name: shortText.refine((text) => text.length <= 100 && !/\p{Cc}/u.test(text), 'must be one line of at most 100 characters'),
  url: textUpTo(2_000).min(1, 'must not be empty'),
  eventTypes: z.array(z.string().max(100)).min(1, 'must name at least one event; leave it out for all of them').max(100).nullish()
    .transform((types) => (types ? [...new Set(types)].sort() : null)),
});
export type WebhookInput = z.input<typeof WEBHOOK_INPUT>;
type Values = z.output<typeof WEBHOOK_INPUT>;

export interface WebhookWithSecret {
  readonly webhook: Webhook;
  /** Shown this once. */
  readonly secret: string;
}

/** Endpoints outside: who is told of what, and under which secret. */
@Injectable()
export class WebhookService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(WebhookEventRegistry) private readonly events: WebhookEventRegistry,
    @Inject(WebhookSender) private readonly sender: WebhookSender,
    @Inject(WebhookSecrets) private readonly secrets: WebhookSecrets,
    @Inject(WebhookSwitch) private readonly webhookSwitch: WebhookSwitch,
  ) {}

  /** All endpoints of the workspace, by name. */
  list(context: RequestContext): Promise<Webhook[]> {
    return this.database.read(context, (manager) => manager.find(Webhook, { order: { name: 'ASC', id: 'ASC' } }));
  }

  /** Throws NOT_FOUND. */
  async get(context: RequestContext, id: string): Promise<Webhook> {
    const found = isId(id) ? await this.database.read(context, (manager) => manager.findOneBy(Webhook, { id })) : null;
    if (!found) throw notFound('The webhook');
    return found;
  }

  /** Throws INVALID_INPUT, TARGET_REFUSED for an address that no request goes to, NAME_TAKEN, or TOO_MANY_WEBHOOKS. */
  async create(context: RequestContext, input: WebhookInput): Promise<WebhookWithSecret> {
    const values = this.parse(input);
    const secret = newWebhookSecret();
    return this.database.write(context, async (manager) => {
      if ((await manager.count(Webhook)) >= MAX_WEBHOOKS) throw new DomainError('TOO_MANY_WEBHOOKS', `A workspace may have ${MAX_WEBHOOKS} webhooks. Delete one that is not used.`, 409);
      const webhook = manager.create(Webhook, {
        id: newId(), workspaceId: context.workspace, ...values, state: 'enabled', secret: this.secrets.seal(context.workspace, secret), createdAt: new Date(), updatedAt: new Date(),
      });
      await manager.insert(Webhook, webhook).catch(refuseSameName);
      await this.note(context, webhook.id, 'create', values);
      return { webhook: await manager.findOneByOrFail(Webhook, { id: webhook.id }), secret };
    });
  }

  /** Replaces name, address and events. Throws NOT_FOUND, VERSION_CONFLICT and what `create` throws. */
  async update(context: RequestContext, id: string, version: number, input: WebhookInput): Promise<Webhook> {
    const values = this.parse(input);
    return this.database.write(context, async (manager) => {
      const webhook = await this.lock(manager, id);
      if (webhook.version !== version) throw new DomainError('VERSION_CONFLICT', 'Somebody has changed this webhook meanwhile. Load it again.', 409);
      // What failed was the address before.
      const failingSince = webhook.url === values.url ? webhook.failingSince : null;
      await manager.save(Object.assign(webhook, values, { failingSince, updatedAt: new Date() })).catch(refuseSameName);
      await this.note(context, id, 'update', values);
      return webhook;
    });
  }

  /** Gives the endpoint a new secret; for a day messages are signed with the one before as well. Throws NOT_FOUND. */
  async rotateSecret(context: RequestContext, id: string): Promise<WebhookWithSecret> {
    const secret = newWebhookSecret();
    return this.database.write(context, async (manager) => {
      await this.lock(manager, id);
      await manager.query(
        `UPDATE webhook SET previous_secret = secret, previous_secret_until = $4, secret = $3, version = version + 1, updated_at = now() WHERE workspace_id = $1 AND id = $2`,
        [context.workspace, id, this.secrets.seal(context.workspace, secret), this.secrets.replacedUntil()]);
      await this.auditLog.record(context, 'webhook.rotate_secret', { type: 'webhook', id });
      return { webhook: await manager.findOneByOrFail(Webhook, { id }), secret };
    });
  }

  /** Lets events go to the endpoint again; those of meanwhile are not made up for. Throws NOT_FOUND. */
  async enable(context: RequestContext, id: string): Promise<Webhook> {
    return this.database.write(context, async (manager) => {
      const webhook = await this.lock(manager, id);
      if (webhook.state === 'enabled') return webhook;
      Object.assign(webhook, { state: 'enabled', disabledReason: null, disabledAt: null, failingSince: null, updatedAt: new Date() });
      await manager.save(webhook);
      await this.auditLog.record(context, 'webhook.enable', { type: 'webhook', id });
      return webhook;
    });
  }

  /** Sends the endpoint nothing from now on. Throws NOT_FOUND. */
  async disable(context: RequestContext, id: string): Promise<Webhook> {
    return this.database.write(context, async (manager) => {
      await this.lock(manager, id);
      await this.webhookSwitch.disable(context, manager, id, 'by_member');
      return manager.findOneByOrFail(Webhook, { id });
    });
  }

  /** Deletes the endpoint with the log of what was sent to it. Throws NOT_FOUND. */
  async delete(context: RequestContext, id: string): Promise<void> {
    await this.database.write(context, async (manager) => {
      const { name } = await this.lock(manager, id);
      await manager.delete(Webhook, { id });
      await this.auditLog.record(context, 'webhook.delete', { type: 'webhook', id }, { name });
    });
  }

  /** The endpoint under its lock, inside a write. Throws NOT_FOUND. */
  private async lock(manager: EntityManager, id: string): Promise<Webhook> {
    const webhook = isId(id) ? await manager.findOne(Webhook, { where: { id }, lock: { mode: 'pessimistic_write' } }) : null;
    if (!webhook) throw notFound('The webhook');
    return webhook;
  }

  private parse(input: WebhookInput): Values {
    const values = parseInput(WEBHOOK_INPUT, input);
    const unknown = values.eventTypes?.find((type) => !this.events.has(type));
    if (unknown !== undefined) throw invalidInput(`There is no event "${unknown}".`, 'eventTypes');
    try {
      return { ...values, url: this.sender.check(values.url) };
    } catch (error) {
      if (error instanceof OutboundError) throw new DomainError(error.code, error.message, 400, false, { field: 'url' });
      throw error;
    }
  }

  /** The path of an address can be a secret of its receiver: the audit log names the host. */
  private async note(context: RequestContext, id: string, action: string, { name, url, eventTypes }: Values): Promise<void> {
    await this.auditLog.record(context, `webhook.${action}`, { type: 'webhook', id }, { name, host: new URL(url).host, eventTypes });
  }
}

function refuseSameName(error: unknown): never {
  if (isUniqueViolation(error, 'webhook_name')) throw new DomainError('NAME_TAKEN', 'Another webhook has this name.', 409, false, { field: 'name' });
  throw error;
}
