import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import type { Response } from 'supertest';
import { S3Server } from '../conformance/object-storage/s3-server.js';
import { Client } from '../support/client.js';
import { startPerch, type Perch, type Shape } from '../support/perch.js';
import { resume } from '../support/resumes.js';

interface Prepared {
  readonly upload: { readonly method: string; readonly url: string; readonly headers: Record<string, string> };
  readonly ticket: string;
}

const FORMS: readonly (readonly [string, Shape])[] = [['disk', 'process'], ['s3', 'functions'], ['database', 'functions']];

describe.each(FORMS)('resumes sent to the storage %s, in the shape %s', (kind, shape) => {
  const s3 = new S3Server(() => new Date());
  const file = resume('engineer.pdf');
  let perch: Perch;
  let client: Client;

  beforeAll(async () => {
    await s3.start();
    const { endpoint, region, bucket, accessKeyId, secretAccessKey } = s3.settings;
    const settings: Readonly<Record<string, string>> = kind !== 's3' ? {}
      : { S3_ENDPOINT: endpoint, S3_REGION: region, S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey };
    perch = await startPerch(shape, async () => ({ PERCH_STORAGE: kind, ...settings }));
    client = await new Client(perch.address).signIn();
  });
  afterAll(async () => {
    await perch.stop();
    await s3.stop();
  });

  const announce = async (content: Buffer, size = content.length): Promise<Response> =>
    client.post('/api/applications/uploads', { workspace: 'demo', size, sha256: createHash('sha256').update(content).digest('hex') });
  const send = ({ upload: { method, url, headers } }: Prepared, content: Buffer): Promise<globalThis.Response> =>
    fetch(new URL(url, perch.address), { method, headers, body: new Uint8Array(content) });
  const apply = (email: string, ticket: string, key?: string): Promise<Response> => {
    const call = client.post('/api/applications', { workspace: 'demo', posting: 'senior-backend-engineer', name: 'Ada Example', email, upload: { name: 'resume.pdf', ticket } });
    return Promise.resolve(key === undefined ? call : call.set('idempotency-key', key));
  };
  const uploaded = async (content: Buffer): Promise<string> => {
    const prepared = (await announce(content)).body as Prepared;
    expect((await send(prepared, content)).ok).toBe(true);
    return prepared.ticket;
  };

  it('are read like any other', async () => {
    const ticket = await uploaded(file);
    const { status, body } = await apply('direct@example.com', ticket);
    expect(status).toBe(201);
    const found = await client.analysed((body as { applicationId: string }).applicationId);
    expect(found.analysis.state).toBe('done');
    expect(await perch.database.query("SELECT mime_type AS type, byte_size AS size FROM document d JOIN candidate c ON c.id = d.candidate_id JOIN person_email e ON e.person_id = c.person_id WHERE e.address = 'direct@example.com'"))
      .toEqual([{ type: 'application/pdf', size: file.length }]);
    const again = await apply('direct@example.com', ticket);
    expect([again.status, again.body]).toEqual([200, { ...(body as object), created: false }]);
  });

  it('count for one application', async () => {
    const ticket = await uploaded(resume('second.pdf'));
    expect((await apply('one@example.com', ticket)).status).toBe(201);
    const { status, body } = await apply('two@example.com', ticket);
    expect([status, body.code]).toEqual([409, 'UPLOAD_USED']);
    expect(await perch.database.query("SELECT 1 FROM person_email WHERE address = 'two@example.com'")).toEqual([]);
  });

  it('must have been sent as announced', async () => {
    const missing = (await announce(file)).body as Prepared;
    expect((await apply('missing@example.com', missing.ticket)).body).toMatchObject({ code: 'OBJECT_MISSING' });
    const other = randomBytes(file.length);
    const sent = await send((await announce(file)).body as Prepared, other);
    expect(sent.ok).toBe(false);
  });

  it('are programs never', async () => {
    const { status, body } = await apply('program@example.com', await uploaded(Buffer.concat([Buffer.from('MZ'), randomBytes(2_000)])));
    expect([status, body.code]).toEqual([415, 'UNSUPPORTED_FILE']);
  });

  it('need a ticket that was made here', async () => {
    const [claims, signature] = (await uploaded(file)).split('.') as [string, string];
    const changed = Buffer.from(Buffer.from(claims, 'base64url').toString('utf8').replace(/"size":\d+/, '"size":1')).toString('base64url');
    for (const ticket of ['', 'x', 'x.y.z', `${changed}.${signature}`, `${claims}.${signature.slice(1)}a`]) {
      expect((await apply('forged@example.com', ticket)).body).toMatchObject({ code: 'UPLOAD_NOT_VALID', field: 'resume' });
    }
  });

  it('are announced within limits', async () => {
    expect((await announce(file, 10 * 1_048_576 + 1)).body).toMatchObject({ code: 'INVALID_INPUT', field: 'size' });
    expect((await announce(file, 0)).status).toBe(400);
    expect((await client.post('/api/applications/uploads', { workspace: 'nobody', size: 1, sha256: '00'.repeat(32) })).status).toBe(404);
    expect((await client.post('/api/applications/uploads', { workspace: 'demo', size: 1, sha256: 'short' })).status).toBe(400);
  });
});
