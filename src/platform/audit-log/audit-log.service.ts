import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import type { JsonObject } from '../../common/json.js';
import { redact } from '../../common/redact.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';

export interface AuditedObject {
  readonly type: string;
  readonly id: string;
}

/** Writes audit rows in the transaction of the change that they describe. */
@Injectable()
export class AuditLog {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Adds a row to the surrounding write. `action` is noun and verb, `application.move`; secrets in `changes` are hidden. Returns the row's id. */
  async record(context: RequestContext, action: string, object: AuditedObject, changes: JsonObject = {}): Promise<string> {
    const id = newId();
    await this.database.write(context, (manager) => manager.query(
      `INSERT INTO audit_event (id, workspace_id, action, object_type, object_id, actor_type, actor_id, request_id, changes)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, context.workspace, action, object.type, object.id, context.actor.type, context.actor.id, context.requestId, JSON.stringify(redact(changes))],
    ));
    return id;
  }
}
