import { createApplication } from '../bootstrap/create-application.js';
import { serveMcpConnection } from '../bootstrap/mcp-connection.js';
import { messageOf } from '../common/errors.js';

/** Serves one program over standard input and output, under the rights of PERCH_MCP_KEY. Returns the exit code. */
export async function mcpCommand(): Promise<number> {
  try {
    const application = await createApplication();
    const key = application.environment.mcpKey;
    try {
      if (key === null) throw new Error('Set PERCH_MCP_KEY to an API key.');
      await serveMcpConnection(application, key);
      return 0;
    } finally {
      await application.close();
    }
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}
