import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isPublicAddress } from '../../src/common/public-address.js';
import { OutboundHttp } from '../../src/infrastructure/outbound-http/outbound-http.js';
import { CLOSED_ADDRESSES } from '../support/closed-addresses.js';
import { NoSocket } from '../support/no-socket.js';

const post = (http: OutboundHttp, url: string): Promise<unknown> =>
  http.post({ url, headers: {}, body: '{}' }).then(({ status, beginning }) => ({ status, bytes: beginning.length }), (error: { code: string }) => error.code);

function guarded(addresses: readonly string[]): { http: OutboundHttp; agent: NoSocket } {
  const agent = new NoSocket();
  const http = new OutboundHttp({ allowedOrigins: [], agent: () => agent, resolve: (_host, _options, done) => done(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))) });
  return { http, agent };
}

describe('a request to a chosen address', () => {
  it.each(CLOSED_ADDRESSES)('never connects to %s', async (url) => {
    const { http, agent } = guarded(['127.0.0.1']);
    expect([await post(http, url), agent.reached]).toEqual(['TARGET_REFUSED', []]);
  });

  it.each([[['10.0.0.1']], [['93.184.215.14', '169.254.169.254']], [['::ffff:10.0.0.1']], [['64:ff9b::a00:1']], [[]]])('refuses a name that means %j', async (addresses) => {
    const { http, agent } = guarded(addresses);
    expect([await post(http, 'http://rebinding.example/'), agent.reached]).toEqual(['TARGET_REFUSED', []]);
  });

  it('goes to public addresses', async () => {
    const { http, agent } = guarded(['93.184.215.14']);
    expect([await post(http, 'http://hooks.example/'), agent.reached]).toEqual(['UNREACHABLE', ['93.184.215.14']]);
    expect(['8.8.8.8', '2606:4700::1111', '2001:db8::1', '2002:7f00:1::', 'nonsense'].map(isPublicAddress)).toEqual([true, true, false, false, false]);
  });

  it.each(['ftp://example.com/', 'file:///etc/passwd', '//example.com', ''])('refuses %j', async (url) => {
    expect(await post(guarded(['8.8.8.8']).http, url)).toBe('TARGET_REFUSED');
  });
});

describe('an answer', () => {
  let server: Server | null = null;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function receiver(listener: RequestListener, limit?: number): Promise<{ http: OutboundHttp; origin: string }> {
    server = createServer(listener);
    await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { http: new OutboundHttp({ allowedOrigins: [origin], ...(limit === undefined ? {} : { limit }) }), origin };
  }

  it('is read to a bound', async () => {
    let sent = 0;
    const { http, origin } = await receiver((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && sent < 100_000_000) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536, 'x'))) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    expect(await post(http, origin)).toEqual({ status: 200, bytes: 1_024 });
    expect(sent).toBeLessThan(20_000_000);
  });

  it('that never ends is cut off', async () => {
    const { http, origin } = await receiver((_request, response) => response.writeHead(202).write('still'));
    expect(await post(http, origin)).toEqual({ status: 202, bytes: 5 });
  });

  it('that leads elsewhere is not followed', async () => {
    const paths: unknown[] = [];
    const { http, origin } = await receiver((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: '/secret' }).end();
    });
    expect([await post(http, `${origin}/hook`), paths]).toEqual([{ status: 307, bytes: 0 }, ['/hook']]);
  });

  it('that does not come is given up', async () => {
    const { http, origin } = await receiver(() => undefined, 200);
    expect(await post(http, origin)).toBe('TIMED_OUT');
  });
});
