import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';

/** A program beside Perch, reached at a port on loopback. */
export interface Program {
  readonly port: number;
  stop(): Promise<void>;
}

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

const accepts = (port: number): Promise<boolean> => new Promise((done) => {
  const socket = connect(port, '127.0.0.1', () => {
    socket.destroy();
    done(true);
  });
  socket.once('error', () => done(false));
});

async function run(file: string, args: readonly string[], port: number, folder: string): Promise<Program> {
  const child: ChildProcess = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await eventually(`${file} accepts connections`, async () => {
    if (child.exitCode !== null) throw new Error(`${file} ended.\n${text}`);
    return accepts(port);
  });
  return {
    port,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((done) => child.once('exit', done));
        child.kill('SIGKILL');
        await gone;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A Redis without a memory of earlier ones, at the port where one is given. */
export async function startRedis(at?: number): Promise<Program> {
  const [port, folder] = [at ?? await freePort(), await mkdtemp(join(tmpdir(), 'perch-redis-'))];
  return run('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], port, folder);
}

/** PgBouncer in transaction mode before the database of the given address; the pool is smaller than what asks of it. */
export async function startPgBouncer(databaseUrl: string): Promise<Program> {
  const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), 'perch-bouncer-'))];
  const { hostname, port: databasePort, username, password } = new URL(databaseUrl);
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'users.txt'), `"${username}" "${decodeURIComponent(password)}"\n`);
  await writeFile(join(folder, 'pgbouncer.ini'), `[databases]
* = host=${hostname} port=${databasePort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = 3
`);
  const asNobody = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  return run('/usr/sbin/pgbouncer', [...asNobody, join(folder, 'pgbouncer.ini')], port, folder);
}
