import { Client as McpClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { JsonObject } from '../../src/common/json.js';
import { Client } from '../support/client.js';

/** The revisions of the protocol that programs speak: the handshake of 2025, and the one without sessions. */
export const ERAS = [['2025', 'legacy'], ['2026-07-28', { pin: '2026-07-28' }]] as const;
export type Era = (typeof ERAS)[number][1];

export interface Answer {
  readonly isError: boolean;
  readonly value: JsonObject;
  readonly text: string;
}

/** A program of the genuine client library that is connected to Perch over HTTP. */
export class McpBench {
  private constructor(readonly client: McpClient) {}

  static async connect(address: string, token: string, era: Era = 'legacy'): Promise<McpBench> {
    const client = new McpClient({ name: 'test', version: '1' }, { versionNegotiation: { mode: era } });
    await client.connect(new StreamableHTTPClientTransport(new URL('/api/mcp', address), { requestInit: { headers: { authorization: `Bearer ${token}` } } }));
    return new McpBench(client);
  }

  async call(name: string, values: JsonObject = {}): Promise<Answer> {
    return answerOf(await this.client.callTool({ name, arguments: values }));
  }

  async tools(): Promise<string[]> {
    return (await this.client.listTools()).tools.map(({ name }) => name);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

export function answerOf(result: object): Answer {
  const { content, isError = false } = result as { content: { text: string }[]; isError?: boolean };
  const { text } = content[0]!;
  return { isError, text, value: text.startsWith('{') ? JSON.parse(text) as JsonObject : {} };
}

/** Makes an API key with the scopes; the answer is its token. */
export async function apiKey(owner: Client, scopes: readonly string[]): Promise<string> {
  const { data, errors } = await owner.graphql<{ createApiKey: { token: string } }>('mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { token } }', { input: { name: 'program', scopes, days: 1 } });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.createApiKey.token;
}
