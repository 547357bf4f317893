import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Resolve } from '../../src/common/public-address.js';
import { OutboundHttp } from '../../src/infrastructure/outbound-http/outbound-http.js';
import { WebhookSender } from '../../src/platform/webhooks/webhook-sender.js';
import { CLOSED_ADDRESSES } from '../support/closed-addresses.js';
import { NoSocket } from '../support/no-socket.js';
import { refusal } from '../support/office.js';
import type { Receiver } from './receiver.js';
import { WebhookBench } from './webhook-bench.js';

const secure = (url: string): string => url.replace(/^http:/, 'https:');

/** The address with the port of a server that listens there. */
function at(url: string, { port }: Receiver): string {
  const [, start, rest] = /^(https?:\/\/[^/]+)(\/.*)$/.exec(url)!;
  return `${start}:${port}${rest}`;
}

describe('the address of a webhook', () => {
  let bench: WebhookBench;

  beforeAll(async () => {
    bench = await WebhookBench.open();
  });
  beforeEach(() => bench.clear());
  afterAll(() => bench.close());

  const save = (url: string): Promise<string> => refusal(bench.office.call(bench.team.as('olga'), (context) => bench.service.create(context, { name: 'target', url })));

  async function attemptAt(url: string): Promise<{ status: number | null; errorCode: string | null; answer: string | null }> {
    const { id } = await bench.sendTest(await bench.plant('planted', url));
    await bench.deliver();
    const { status, errorCode, answer } = (await bench.attempts(id))[0]!;
    return { status, errorCode, answer };
  }

  it.each(CLOSED_ADDRESSES)('is not saved as %s', async (url) => {
    for (const form of [url, secure(url), at(url, bench.forbidden)]) expect([form, await save(form)]).toEqual([form, 'TARGET_REFUSED']);
    const { webhook } = await bench.create('good');
    expect(await refusal(bench.office.call(bench.team.as('olga'), (context) => bench.service.update(context, webhook.id, 1, { name: 'good', url: secure(url) })))).toBe('TARGET_REFUSED');
    expect((await bench.webhook(webhook.id)).url).toBe(webhook.url);
  });

  it.each(CLOSED_ADDRESSES)('is never connected to as %s', async (url) => {
    for (const form of [at(url, bench.forbidden), at(secure(url), bench.forbidden)]) {
      expect(await attemptAt(form)).toEqual({ status: null, errorCode: 'TARGET_REFUSED', answer: null });
      await bench.clear();
    }
    expect(bench.forbidden.connections).toBe(0);
  });

  it('is https, unless the operator says otherwise', async () => {
    expect([await save('http://hooks.example.com/perch'), await save('ftp://hooks.example.com/'), await save('hooks.example.com')]).toEqual(['TARGET_REFUSED', 'TARGET_REFUSED', 'TARGET_REFUSED']);
    expect(await save('https://hooks.example.com/perch')).toBe('nothing was refused');
    await bench.clear();
    expect(await save(`${bench.receiver.origin}/hook`)).toBe('nothing was refused');
    await bench.clear();
    expect(await attemptAt('http://hooks.example.com/perch')).toMatchObject({ errorCode: 'TARGET_REFUSED' });
  });

  it('is refused when its name means this network', async () => {
    const url = 'https://intranet.example/';
    const [http, agent] = resolving(['10.1.2.3']);
    expect(await save(url)).toBe('nothing was refused');
    await bench.clear();
    expect([await withHttp(http, () => attemptAt(url)), agent.reached]).toEqual([{ status: null, errorCode: 'TARGET_REFUSED', answer: null }, []]);
  });

  it('is looked up at each delivery', async () => {
    const [http, agent] = resolving(['93.184.215.14'], ['127.0.0.1']);
    const id = await bench.plant('rebinding', 'https://rebinding.example/');
    await withHttp(http, async () => {
      for (let count = 0; count < 2; count++) {
        await bench.sendTest(id);
        await bench.deliver();
      }
    });
    const codes = await Promise.all((await bench.rows()).map(async (row) => (await bench.attempts(row.id))[0]!.errorCode));
    expect([codes, agent.reached]).toEqual([['UNREACHABLE', 'TARGET_REFUSED'], ['93.184.215.14']]);
  });

  it('is not left for where a redirect leads', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      bench.receiver.answer = (_request, response) => response.writeHead(status, { location: `${bench.forbidden.origin}/secret` }).end();
      expect(await attemptAt(`${bench.receiver.origin}/moved`)).toMatchObject({ status, errorCode: 'REDIRECTED' });
      expect(bench.receiver.take().map(({ path }) => path)).toEqual(['/moved']);
      await bench.clear();
    }
    expect(bench.forbidden.connections).toBe(0);
  });

  /** Requests that resolve every name as told, one answer after the other, and open no socket. */
  function resolving(...answers: readonly (readonly string[])[]): [OutboundHttp, NoSocket] {
    const agent = new NoSocket('https:');
    const left = [...answers];
    const resolve: Resolve = (_host, _options, done) => done(null, left.shift()!.map((address) => ({ address, family: 4 })));
    return [new OutboundHttp({ allowedOrigins: [bench.receiver.origin], agent: () => agent, resolve }), agent];
  }

  async function withHttp<T>(http: OutboundHttp, work: () => Promise<T>): Promise<T> {
    const sender = bench.office.get(WebhookSender);
    const { http: own } = sender as unknown as { http: OutboundHttp };
    Object.assign(sender, { http });
    return work().finally(() => Object.assign(sender, { http: own }));
  }
});
