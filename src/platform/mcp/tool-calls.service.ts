import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../common/clock.js';
import { DomainError } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import type { RequestContext } from '../../common/request-context.js';
import { parseInput } from '../../common/validation.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import { requiredSecret, type Environment } from '../../config/environment.js';
import { Database } from '../../infrastructure/database/database.js';
import type { McpTool } from '../../protocols/mcp/mcp-tool.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { confirmToken, isConfirmed, type Confirmed } from './confirm-token.js';

const DRY_RUN = { dry_run: z.boolean().optional().describe('true: only show what would change') };
const CONFIRM = { confirm: z.string().max(100).optional().describe('token of the first call, after a person has agreed') };

/** Ends a write that was only tried, so that it is rolled back. */
class Rehearsed extends Error {
  constructor(readonly changes: JsonObject[]) {
    super('This was a rehearsal.');
  }
}

const CHANGES = `
SELECT action, object_type AS object, object_id AS id, changes FROM audit_event
WHERE workspace_id = $1 AND request_id = $2 ORDER BY at, id`;

/** The tool's input as callers send it: with a dry run for what changes something, and a confirmation for what is hard to take back. */
export function callSchema({ effect, input }: McpTool): z.ZodObject {
  return effect === 'read' ? input : input.extend(effect === 'destroy' ? { ...DRY_RUN, ...CONFIRM } : DRY_RUN);
}

/** Calls tools for programs: under the caller's rights, noted in the audit log, rehearsed or confirmed where that is asked for. */
@Injectable()
export class ToolCalls {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /**
   * The tool's answer; for what changes something also `undo`, the id that undo_change takes back. A dry run, and the first call
   * of what is hard to take back, answer with the changes that would be made. Throws FORBIDDEN, INVALID_INPUT,
   * CONFIRMATION_NOT_VALID and what the tool throws.
   */
  async call(context: RequestContext, tool: McpTool, values: Readonly<Record<string, unknown>>): Promise<JsonObject> {
    context.require(tool.permission);
    const { dry_run: isRehearsal, confirm, ...input } = parseInput(callSchema(tool).strict(), values) as { dry_run?: boolean; confirm?: string } & JsonObject;
    if (tool.effect === 'read') {
      const { result } = await tool.run(context, input);
      await this.note(context, tool, input);
      return result;
    }
    const confirmed: Confirmed = { workspaceId: context.workspace, actorId: context.actor.id, tool: tool.name, input };
    const secret = requiredSecret(this.environment);
    if (tool.effect === 'destroy' && confirm !== undefined && !isConfirmed(secret, confirmed, confirm, this.clock.now())) {
      throw new DomainError('CONFIRMATION_NOT_VALID', 'The confirmation is over or was given for something else. Call again without it to get a new one.', 409);
    }
    if (isRehearsal || (tool.effect === 'destroy' && confirm === undefined)) {
      const wouldChange = await this.rehearse(context, tool, input);
      return tool.effect === 'change' ? { wouldChange } : { wouldChange, confirm: confirmToken(secret, confirmed, this.clock.now()), note: 'Nothing has changed. Show this to a person; call again with this confirm once they agree.' };
    }
    return this.database.write(context, async () => {
      const { result, undo } = await tool.run(context, input);
      const id = await this.note(context, tool, input, undo ? { undo: { tool: undo.tool, input: undo.input } } : {});
      return undo ? { ...result, undo: id } : result;
    });
  }

  /** The audit rows that the tool would write, which say what would change. */
  private async rehearse(context: RequestContext, tool: McpTool, input: JsonObject): Promise<JsonObject[]> {
    try {
      await this.database.write(context, async (manager) => {
        await tool.run(context, input);
        throw new Rehearsed(await manager.query<JsonObject[]>(CHANGES, [context.workspace, context.requestId]));
      });
    } catch (error) {
      if (!(error instanceof Rehearsed)) throw error;
      await this.note(context, tool, input, { dryRun: true });
      return error.changes;
    }
    throw new Error('A rehearsal was not rolled back.');
  }

  private note(context: RequestContext, { name }: McpTool, input: JsonObject, more: JsonObject = {}): Promise<string> {
    return this.auditLog.record(context, `mcp.${name}`, { type: 'mcp_call', id: context.requestId }, { input, ...more });
  }
}
