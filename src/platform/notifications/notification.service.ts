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

  /** The caller's newest notifications. */
  mine(context: RequestContext): Promise<Notification[]> {
    const userId = requireUser(context);
    return this.database.read(context, (manager) => manager.find(Notification, { where: { userId }, order: { createdAt: 'DESC' }, take: 50 }));
  }
}
