import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Passes bytes on to a port of loopback; while `withholds` is true, the answers are swallowed. */
export class Relay {
  withholds = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(target: () => number) {
    this.server = createServer((near) => {
      const far = connect(target(), '127.0.0.1');
      near.pipe(far);
      far.on('data', (chunk) => this.withholds || near.write(chunk));
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => {
          this.sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
    });
  }

  static async open(target: () => number): Promise<Relay> {
    const relay = new Relay(target);
    await new Promise<void>((done) => relay.server.listen(0, '127.0.0.1', done));
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
