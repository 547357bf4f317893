import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { systemContext, type RequestContext } from '../../../src/common/request-context.js';
import { newId } from '../../../src/common/ids.js';
import { sha256 } from '../../../src/common/secrets.js';
import { MovableClock } from '../../../src/common/clock.js';
import { createDataSource } from '../../../src/infrastructure/database/data-source.js';
import { Database } from '../../../src/infrastructure/database/database.js';
import { Logger } from '../../../src/infrastructure/logging/logger.js';
import type { ExpectedContent } from '../../../src/infrastructure/object-storage/checked-content.js';
import { DatabaseObjectStorage } from '../../../src/infrastructure/object-storage/database-object-storage.js';
import { DiskObjectStorage } from '../../../src/infrastructure/object-storage/disk-object-storage.js';
import { DoorAddresses } from '../../../src/infrastructure/object-storage/door-address.js';
import type { ObjectStorage, SignedUpload } from '../../../src/infrastructure/object-storage/object-storage.js';
import { S3ObjectStorage } from '../../../src/infrastructure/object-storage/s3-object-storage.js';
import { SupabaseObjectStorage } from '../../../src/infrastructure/object-storage/supabase-object-storage.js';
import { createTestDatabase } from '../../support/test-database.js';
import { FileDelivery } from '../../../src/platform/files/file-delivery.service.js';
import { problemResponse } from '../../../src/protocols/http/problem.js';
import { readBody } from '../../../src/protocols/http/request-body.js';
import type { DoorResponse } from '../../../src/protocols/http/door.js';
import { S3Server } from './s3-server.js';
import { SupabaseServer } from './supabase-server.js';

export type Kind = 'database' | 'disk' | 's3' | 'supabase';
export const KINDS: readonly Kind[] = ['database', 'disk', 's3', 'supabase'];
const SECRET = 'a-secret-that-only-the-tests-know-0123456789';

/** One storage with what it needs, and a clock that its servers and signatures share. */
export interface StorageBench {
  readonly storage: ObjectStorage;
  readonly clock: MovableClock;
  readonly context: RequestContext;
  /** The context of another workspace. */
  readonly neighbour: RequestContext;
  /** Changes a byte of the stored object behind the storage's back. */
  damage(key: string): Promise<void>;
  close(): Promise<void>;
}

export const CONTENT = randomBytes(300_000);
export const PDF = 'application/pdf';
export const newKey = (): string => `documents/${newId()}`;
export const facts = (content: Buffer, contentType = PDF): ExpectedContent => ({ size: content.length, sha256: sha256(content), contentType });

/** The content as a stream of small pieces. */
export const pieces = (content: Buffer, size = 40_000): Readable =>
  Readable.from(Array.from({ length: Math.ceil(content.length / size) }, (_, index) => content.subarray(index * size, (index + 1) * size)), { objectMode: false });

export async function bytesOf(stream: Readable | null): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream!) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Sends a signed upload as its holder would, with changes. */
export const upload = (signed: SignedUpload, body: Buffer, { url = signed.url, headers = {} as Record<string, string> } = {}): Promise<Response> =>
  fetch(url, { method: signed.method, headers: { ...signed.headers, ...headers }, body: new Uint8Array(body) });

async function sendAnswer(response: ServerResponse, { status, headers = {}, body }: DoorResponse): Promise<void> {
  response.writeHead(status, headers as Record<string, string>);
  if (body instanceof Readable) body.pipe(response);
  else response.end(body);
}

interface SignedDoor {
  readonly addresses: DoorAddresses;
  /** Answers with this storage from now on. */
  use(storage: ObjectStorage): void;
  stop(): Promise<void>;
}

/** What answers signed addresses, over HTTP and without the rest of Perch. */
async function serveSigned(clock: MovableClock): Promise<SignedDoor> {
  let delivery: FileDelivery;
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://perch.invalid');
    const asked = { method: request.method!, url, headers: request.headers, ip: '', requestId: newId(), raw: request, body: (limit: number) => readBody(request, limit) };
    void delivery.signed(asked, url.pathname.slice('/api/files/signed/'.length)).catch((error: unknown) => problemResponse(error, 'test')).then((answer) => sendAnswer(response, answer));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const addresses = new DoorAddresses(SECRET, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => clock.now());
  return {
    addresses,
    use: (storage) => void (delivery = new FileDelivery(storage, addresses)),
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => void server.close(() => done()));
    },
  };
}

interface Parts {
  readonly storage: ObjectStorage;
  damage(path: string): Promise<void>;
  close(): Promise<void>;
}

async function remote(kind: 's3' | 'supabase', clock: MovableClock): Promise<Parts> {
  const server = kind === 's3' ? new S3Server(() => clock.now()) : new SupabaseServer(() => clock.now());
  await server.start();
  const storage = server instanceof S3Server ? new S3ObjectStorage(server.settings, () => clock.now()) : new SupabaseObjectStorage(server.settings);
  return { storage, damage: async (path) => server.damage(path), close: () => server.stop() };
}

async function onDisk({ addresses, use, stop }: SignedDoor): Promise<Parts> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-objects-'));
  const storage = new DiskObjectStorage(folder, addresses);
  use(storage);
  return {
    storage,
    damage: async (path) => {
      const bytes = await readFile(join(folder, path));
      bytes[0]! ^= 1;
      await writeFile(join(folder, path), bytes);
    },
    close: async () => {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function inDatabase({ addresses, use, stop }: SignedDoor, workspaces: readonly string[]): Promise<Parts> {
  const database = await createTestDatabase();
  for (const id of workspaces) await database.query("INSERT INTO workspace (id, slug, name) VALUES ($1, $2, 'Test')", [id, `w-${id.slice(-12)}`]);
  const dataSource = createDataSource({ url: database.applicationUrl, poolSize: 4, prepares: true, onPoolError: () => undefined, onSlowStatement: () => undefined });
  await dataSource.initialize();
  const storage = new DatabaseObjectStorage(new Database(dataSource, new Logger('silent')), addresses);
  use(storage);
  return {
    storage,
    damage: async (path) => void (await database.query('UPDATE stored_object SET content = set_byte(content, 0, 255 - get_byte(content, 0)) WHERE key = $1', [path.slice(37)])),
    close: async () => {
      await stop();
      await dataSource.destroy();
      await database.drop();
    },
  };
}

export async function openBench(kind: Kind): Promise<StorageBench> {
  const clock = new MovableClock(new Date());
  const [context, neighbour] = [systemContext(newId()), systemContext(newId())];
  const parts = kind === 's3' || kind === 'supabase' ? await remote(kind, clock)
    : kind === 'disk' ? await onDisk(await serveSigned(clock)) : await inDatabase(await serveSigned(clock), [context.workspace, neighbour.workspace]);
  return { ...parts, clock, context, neighbour, damage: (key) => parts.damage(`${context.workspace}/${key}`) };
}
