import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers at once with nothing, notes when each path arrived, and tells its parent when as many arrived as it asked for. */
let arrived = new Map<string, number>();
let wanted: number | null = null;

function report(): void {
  if (wanted === null || arrived.size < wanted) return;
  process.send?.([...arrived]);
  arrived = new Map();
  wanted = null;
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  arrived.set(request.url!, Date.now());
  request.resume().once('end', () => response.end());
  report();
});
process.on('message', ({ count }: { count: number }) => {
  wanted = count;
  report();
});
process.once('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
