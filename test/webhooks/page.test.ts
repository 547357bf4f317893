import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import request from 'supertest';
import { WebhookEventRegistry } from '../../src/platform/webhooks/webhook-event.registry.js';
import { newWebhookSecret, signedHeaders } from '../../src/platform/webhooks/webhook-signature.js';
import { DELIVERY_DELAYS } from '../../src/platform/webhooks/webhooks.jobs.js';
import { eventually } from '../support/eventually.js';
import { Office } from '../support/office.js';

const FILE = new URL('../../../docs/operations/webhooks.md', import.meta.url);
const EVENTS = /(?<=<!-- events: [^\n]*-->\n)[^]*(?=<!-- \/events -->)/;
const UNITS = { s: 1_000, min: 60_000, h: 3_600_000 } as const;

const page = (): string => readFileSync(FILE, 'utf8');

describe('the page about webhooks', () => {
  let office: Office;

  beforeAll(async () => {
    office = await Office.open();
  });
  afterAll(() => office.close());

  it('lists all events with their examples', () => {
    const events = office.get(WebhookEventRegistry).all;
    expect(events.length).toBeGreaterThan(10);
    const expected = events.map(({ type, about, example }) => `### ${type}\n\n${about}\n\n\`\`\`json\n${JSON.stringify(example)}\n\`\`\`\n\n`).join('');
    if (process.env['PERCH_UPDATE_PAGE'] === '1') writeFileSync(FILE, page().replace(EVENTS, () => `\n${expected}`));
    expect(EVENTS.exec(page())?.[0].trim()).toBe(expected.trim());
  });

  it('tells the schedule that is kept', () => {
    const [, row] = /\| after the one before \| at once \|(.*)\|\n/.exec(page())!;
    const waits = row!.split('|').map((cell) => {
      const [, count, unit] = /^ (\d+) (s|min|h) $/.exec(cell)!;
      return Number(count) * UNITS[unit as keyof typeof UNITS];
    });
    expect(waits).toEqual(DELIVERY_DELAYS);
  });

  it.each([['js', process.execPath, 'mjs'], ['python', 'python3', 'py']])('verifies as it says, in %s', async (language, program, suffix) => {
    const port = await freePort();
    const [, code] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page())!;
    const file = fileURLToPath(new URL(`./example-receiver.${suffix}`, import.meta.url));
    writeFileSync(file, code!);
    const secret = newWebhookSecret();
    const child = spawn(program, [file], { env: { PATH: process.env['PATH'], PORT: String(port), PERCH_WEBHOOK_SECRET: secret }, stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      expect(await answers(port, secret)).toEqual([401, 401, 401, 204, 204]);
      expect(await output(child)).toBe('io.perch.x.happened 42');
    } finally {
      child.kill();
      await once(child, 'exit');
      rmSync(file);
    }
  });
});

const body = JSON.stringify({ type: 'io.perch.x.happened', subject: '42' });

/** What it answers to messages without a signature, of another, too old, right, and with two signatures. */
async function answers(port: number, secret: string): Promise<number[]> {
  const send = async (headers: Record<string, string>): Promise<number> => (await request(`http://127.0.0.1:${port}`).post('/').set({ 'content-type': 'application/cloudevents+json', ...headers }).send(body)).status;
  await eventually('the receiver listens', () => send({}).then(() => true, () => false));
  const signed = (at: number, ...secrets: string[]): Record<string, string> => signedHeaders('7', new Date(at), body, secrets);
  const now = Date.now();
  return [await send({}), await send(signed(now, newWebhookSecret())), await send(signed(now - 301_000, secret)), await send(signed(now, secret)), await send(signed(now, newWebhookSecret(), secret))];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** The first line that the program wrote. */
async function output(child: ChildProcess): Promise<string> {
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer];
  return chunk.toString().split('\n')[0]!;
}
