import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { requireUser } from '../identity/session.service.js';
import { Notification } from './notification.entity.js';

export interface NewNotification {
  readonly userId: string;
  readonly kind: string;
  readonly dedupeKey: string;
  readonly body: JsonObject;
}

@Injectable()
export class NotificationService {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Puts a notification into a user's inbox; one of the same kind and key is not added again. */
  async add(context: RequestContext, { userId, kind, dedupeKey, body }: NewNotification): Promise<void> {
    await this.database.write(context, (manager) => manager.query(
      `INSERT INTO notification (id, workspace_id, user_id, kind, dedupe_key, body) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (workspace_id, user_id, kind, dedupe_key) DO NOTHING`,
      [newId(), context.workspace, userId, kind, dedupeKey, JSON.stringify(body)],
    ));
  }

  /** Puts a notification into the inbox of each owner and admin. Those of the same kind and key are one that counts: `count` in its body. */
  async addForAdministrators(context: RequestContext, { kind, dedupeKey, body }: Omit<NewNotification, 'userId'>): Promise<void> {
    await this.database.write(context, (manager) => manager.query(
      `INSERT INTO notification AS n (id, workspace_id, user_id, kind, dedupe_key, body)
       SELECT gen_random_uuid(), $1, user_id, $2, $3, $4::jsonb || '{"count": 1}' FROM membership WHERE workspace_id = $1 AND role IN ('owner', 'admin') ORDER BY user_id
       ON CONFLICT (workspace_id, user_id, kind, dedupe_key) DO UPDATE SET body = jsonb_set(n.body, '{count}', to_jsonb((n.body->>'count')::int + 1))`,
      [context.workspace, kind, dedupeKey, JSON.stringify(body)],
    ));
  }

  /** The caller's newest notifications. */
  mine(context: RequestContext): Promise<Notification[]> {
    const userId = requireUser(context);
    return this.database.read(context, (manager) => manager.find(Notification, { where: { userId }, order: { createdAt: 'DESC' }, take: 50 }));
  }
}
