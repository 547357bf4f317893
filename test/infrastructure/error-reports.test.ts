import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { startPerch, type Perch } from '../support/perch.js';
import { SHAPES } from '../support/shapes.js';

interface Event {
  readonly environment: string;
  readonly exception: { readonly values: { readonly type: string; readonly value: string; readonly stacktrace: { readonly frames: { readonly filename: string }[] } }[] };
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Takes envelopes as Sentry does: lines of JSON, a head for the whole and one for each item. */
class Reports {
  readonly events: Event[] = [];
  readonly texts: string[] = [];
  readonly paths: string[] = [];
  private readonly server: Server = createServer((asked, answered) => {
    let text = '';
    asked.on('data', (chunk: Buffer) => (text += chunk.toString())).once('end', () => {
      this.paths.push(asked.url!);
      this.texts.push(text);
      const lines = text.split('\n').map((line) => JSON.parse(line || '{}') as Event & { type?: string });
      lines.forEach((line, index) => line.type === 'event' && this.events.push(lines[index + 1]!));
      answered.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://publickey@127.0.0.1:${(this.server.address() as AddressInfo).port}/42`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe.each(SHAPES)('errors of Perch as %s', (shape) => {
  const reports = new Reports();
  let perch: Perch;
  let client: Client;

  beforeAll(async () => {
    const dsn = await reports.open();
    perch = await startPerch(shape, async () => ({ SENTRY_DSN: dsn, LOG_LEVEL: 'silent' }));
    client = await new Client(perch.address).signIn();
  });
  afterAll(async () => {
    await perch.stop();
    reports.close();
  });

  it('are reported with their place, without secrets', async () => {
    await perch.database.query(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no connection to postgres://me:hunter22@host/db'; END $$; CREATE TRIGGER fail BEFORE INSERT ON company FOR EACH ROW EXECUTE FUNCTION fail()`);
    const { errors } = await client.graphql('mutation { createCompany(input: { name: "Broken Ltd" }) { id } }');
    expect(errors?.[0]?.extensions.code).toBe('INTERNAL');
    const event = await eventually('the report arrives', async () => reports.events[0] ?? null);
    const [exception] = event.exception.values;
    expect(exception!.value).toBe('no connection to postgres://me:[hidden]@host/db');
    expect(exception!.stacktrace.frames.length).toBeGreaterThan(3);
    expect(event.environment).toBe('development');
    expect(event.extra['requestId']).toMatch(/^[\da-f-]{36}$/);
    expect(reports.texts.join()).not.toMatch(/hunter22/);
    expect(reports.paths).toEqual([expect.stringMatching(/^\/api\/42\/envelope\/\?/)]);
  });

  it('are not what callers did wrong', async () => {
    const before = reports.events.length;
    const { errors } = await client.graphql('mutation { createCompany(input: { name: "" }) { id } }');
    expect(errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
    const { errors: again } = await client.graphql('mutation { createCompany(input: { name: "Broken Ltd" }) { id } }');
    expect(again?.[0]?.extensions.code).toBe('INTERNAL');
    await eventually('the next report arrives', async () => reports.events.length > before);
    expect(reports.events.length).toBe(before + 1);
  });
});
