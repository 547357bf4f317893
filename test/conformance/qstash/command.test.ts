import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Receiver } from '@upstash/qstash';
import { eventually } from '../../support/eventually.js';
import { freePort } from '../../support/programs.js';
import { Destination } from '../../support/qstash.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

const PERCH = fileURLToPath(new URL('../../../../scripts/perch.mjs', import.meta.url));
const ROOT = dirname(dirname(PERCH));
/** What the vendor publishes for its development server, where the SDK looks for it. */
const PUBLIC = {
  QSTASH_TOKEN: 'eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=',
  QSTASH_CURRENT_SIGNING_KEY: 'sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r', QSTASH_NEXT_SIGNING_KEY: 'sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs',
};

const run = promisify(execFile);

/** A program that publishes with a client that is told nothing: all is in its environment. */
const publisher = (url: string): string[] => ['--input-type=module', '-e',
  `import { Client } from '@upstash/qstash';\nconst { messageId } = await new Client().publishJSON({ url: '${url}', body: { by: 'hand' } });\nconsole.log(messageId);`];

describe('the command qstash-server', () => {
  let database: TestDatabase;
  let destination: Destination;
  const children: ChildProcess[] = [];

  const stopAll = async (): Promise<void> => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) await Promise.all([once(child, 'exit'), child.kill()]);
    }
  };

  beforeAll(async () => {
    database = await createTestDatabase('template0');
    destination = await new Destination().open();
  });
  afterEach(async () => {
    await stopAll();
    destination.reset();
  });
  afterAll(async () => {
    destination.close();
    await database.drop();
  });

  const { PATH, HOME } = process.env;

  /** Starts the command as a person does, and reads what it prints. */
  async function start(variables: Record<string, string>): Promise<{ child: ChildProcess; printed: Record<string, string> }> {
    const child = spawn(process.execPath, [PERCH, 'qstash-server'], { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH, HOME, QSTASH_ALLOWED_ORIGINS: destination.origin, ...variables } });
    children.push(child);
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await eventually('it prints its variables', async () => /QSTASH_NEXT_SIGNING_KEY=.+\n/.test(text));
    return { child, printed: Object.fromEntries(text.trim().split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])) };
  }

  it('prints what the SDK reads', async () => {
    const { child, printed } = await start({ DATABASE_URL: database.ownerUrl, QSTASH_PORT: '0' });
    expect(Object.keys(printed)).toEqual(['QSTASH_URL', 'QSTASH_TOKEN', 'QSTASH_CURRENT_SIGNING_KEY', 'QSTASH_NEXT_SIGNING_KEY']);
    const { stdout } = await run(process.execPath, publisher(`${destination.origin}/by-hand`), { cwd: ROOT, env: { PATH, HOME, ...printed } });
    const [delivery] = await destination.arrived(1);
    expect([delivery!.headers['upstash-message-id'], delivery!.body]).toEqual([stdout.trim(), '{"by":"hand"}']);
    const receiver = new Receiver({ currentSigningKey: printed['QSTASH_CURRENT_SIGNING_KEY']!, nextSigningKey: printed['QSTASH_NEXT_SIGNING_KEY']! });
    expect(await receiver.verify({ signature: String(delivery!.headers['upstash-signature']), body: delivery!.body, url: `${destination.origin}/by-hand` })).toBe(true);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('keeps its token and its keys', async () => {
    const first = await start({ DATABASE_URL: database.ownerUrl, QSTASH_PORT: '0' });
    first.child.kill('SIGINT');
    expect(await once(first.child, 'exit')).toEqual([0, null]);
    const { QSTASH_URL: _first, ...kept } = first.printed;
    expect((await start({ QSTASH_DATABASE_URL: database.ownerUrl, QSTASH_PORT: '0' })).printed).toMatchObject(kept);
  });

  it('does not outlive the command', async () => {
    const { child, printed } = await start({ DATABASE_URL: database.ownerUrl, QSTASH_PORT: '0' });
    child.kill('SIGKILL');
    await eventually('its port is free', () => fetch(printed['QSTASH_URL']!).then(() => false, () => true));
  });

  it('stands in for the SDK\'s development server', async () => {
    const own = await createTestDatabase('template0');
    const port = String(await freePort());
    await start({ QSTASH_DATABASE_URL: own.ownerUrl, QSTASH_PORT: port, ...PUBLIC });
    await run(process.execPath, publisher(`${destination.origin}/dev`), { cwd: ROOT, env: { PATH, HOME, QSTASH_DEV: 'true', QSTASH_DEV_PORT: port } });
    expect((await destination.arrived(1))[0]!.path).toBe('/dev');
    await stopAll();
    await own.drop();
  });

  it.each<readonly [string, Record<string, string>, RegExp]>([
    ['a missing database', {}, /^qstash-server: QSTASH_DATABASE_URL is missing\.\n$/],
    ['a port that is none', { QSTASH_PORT: 'http' }, /^qstash-server: QSTASH_PORT must be a whole number\.\n$/],
    ['an origin that is none', { QSTASH_ALLOWED_ORIGINS: 'localhost' }, /^qstash-server: QSTASH_ALLOWED_ORIGINS .*"localhost".*\n$/],
    ['a sink that is none', { QSTASH_SINK: 'nowhere' }, /^qstash-server: QSTASH_SINK .*\n$/],
  ])('says what is wrong with %s', async (name, variables, message) => {
    const failed = await run(process.execPath, [PERCH, 'qstash-server'], { env: { PATH, HOME, ...(name === 'a missing database' ? {} : { DATABASE_URL: database.ownerUrl }), ...variables } })
      .then(() => null, (error: { code: number; stderr: string }) => error);
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
  });
});
