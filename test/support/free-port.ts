import { createServer, type AddressInfo } from 'node:net';

/** A port that nobody listens on, for a process that has to know its own address before it starts. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
