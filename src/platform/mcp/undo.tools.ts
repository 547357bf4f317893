import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError, notFound } from '../../common/errors.js';
import type { JsonObject } from '../../common/json.js';
import { EVERYONE, definePermission } from '../../common/permission.js';
import type { RequestContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';
import { defineTool, McpTools, type ToolAnswer, type ToolSet, type UndoCall } from '../../protocols/mcp/mcp-tool.js';
import { ID_INPUT } from '../../protocols/mcp/tool-page.js';
import { AuditLog } from '../audit-log/audit-log.service.js';
import { ToolRegistry } from './tool.registry.js';

/** What a caller may take back is decided by the right to do it again. */
export const undoChanges = definePermission('mcp.undo', EVERYONE);

const UNDONE = 'mcp.undone';

/** Takes back what an earlier call did, once, for whoever made it. */
@Injectable()
@McpTools()
export class UndoTools implements ToolSet {
  readonly tools = [
    defineTool({
      name: 'undo_change', description: 'Takes back an earlier change of yours by the `undo` of its answer.', permission: undoChanges, effect: 'change',
      input: z.object({ undo: ID_INPUT }), run: (context, { undo }) => this.undo(context, undo),
    }),
  ];

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(ToolRegistry) private readonly registry: ToolRegistry,
  ) {}

  /** Throws NOT_FOUND for what is not the caller's, ALREADY_UNDONE, FORBIDDEN and what the opposite tool throws. */
  private undo(context: RequestContext, id: string): Promise<ToolAnswer> {
    return this.database.write(context, async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 2))', [id]);
      const [made] = await manager.query<{ undo: UndoCall | null; undone: boolean }[]>(
        `SELECT changes->'undo' AS undo, EXISTS (SELECT 1 FROM audit_event d WHERE d.workspace_id = $1 AND d.object_id = $2 AND d.action = '${UNDONE}') AS undone
         FROM audit_event WHERE workspace_id = $1 AND id = $2 AND object_type = 'mcp_call' AND actor_type = $3 AND actor_id = $4`, [context.workspace, id, context.actor.type, context.actor.id]);
      if (!made?.undo) throw notFound('A change of yours that can be taken back');
      if (made.undone) throw new DomainError('ALREADY_UNDONE', 'This change was taken back before.', 409);
      const opposite = this.registry.get(made.undo.tool);
      context.require(opposite.permission);
      const { result } = await opposite.run(context, opposite.input.parse(made.undo.input));
      await this.auditLog.record(context, UNDONE, { type: 'mcp_call', id }, { tool: opposite.name });
      return { result: { undone: id, ...result } as JsonObject };
    });
  }
}
