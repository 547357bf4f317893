import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The one address behind which instances come and go: a request goes to the next one that is there, and fails where it dies. */
export class Gateway {
  private next = 0;

  private constructor(
    private readonly server: Server,
    private readonly ports: () => readonly number[],
  ) {}

  static async open(ports: () => readonly number[]): Promise<Gateway> {
    const server = createServer();
    const gateway = new Gateway(server, ports);
    server.on('request', (request, response) => {
      const alive = gateway.ports();
      const port = alive[gateway.next++ % Math.max(1, alive.length)];
      const refuse = (): void => void (response.headersSent ? response.destroy() : response.writeHead(502).end());
      if (port === undefined) return refuse();
      const passed = ask({ host: '127.0.0.1', port, method: request.method, path: request.url, headers: request.headers, agent: false }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.on('error', () => response.destroy()).pipe(response);
      });
      passed.on('error', refuse);
      request.pipe(passed);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
