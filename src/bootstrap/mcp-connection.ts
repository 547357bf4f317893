import { newId } from '../common/ids.js';
import type { RequestContext } from '../common/request-context.js';
import { Database } from '../infrastructure/database/database.js';
import { Authenticator } from '../protocols/http/authenticator.js';
import { McpServerFactory } from '../platform/mcp/mcp-server.factory.js';
import type { PerchApplication } from './create-application.js';

/**
 * Speaks the Model Context Protocol over standard input and output until the input ends. Each call is made under the rights that
 * the key has at that moment: one that was revoked is worth nothing from then on. Throws UNAUTHENTICATED.
 */
export async function serveMcpConnection({ nest, logger }: PerchApplication, key: string): Promise<void> {
  const [authenticator, database, servers] = [nest.get(Authenticator, { strict: false }), nest.get(Database, { strict: false }), nest.get(McpServerFactory, { strict: false })];
  const asCaller = async <T>(work: (context: RequestContext) => Promise<T>): Promise<T> => {
    const context = await authenticator.authenticateToken(key, newId());
    try {
      return await work(context);
    } finally {
      await database.release(context);
    }
  };
  await asCaller(async () => undefined);
  const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
  const ended = new Promise<void>((done) => process.stdin.once('end', done).once('close', done));
  const connection = serveStdio(() => asCaller((rights) => servers.create(rights, asCaller)), { onerror: (error) => logger.warn('an MCP message failed', { error: error.message }) });
  await ended;
  await connection.close();
}
