import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import request from 'supertest';
import { newId } from '../../src/common/ids.js';
import { sha256 } from '../../src/common/secrets.js';
import { DoorAddresses } from '../../src/infrastructure/object-storage/door-address.js';
import { S3Server } from '../conformance/object-storage/s3-server.js';
import { addMember } from '../support/background-job-rows.js';
import { Client } from '../support/client.js';
import { DEMO, SECRET, startPerch, type Perch, type Shape } from '../support/perch.js';
import { resume } from '../support/resumes.js';

const FORMS: readonly (readonly [string, Shape])[] = [['disk', 'process'], ['s3', 'functions']];

describe.each(FORMS)('files on %s in the shape %s', (kind, shape) => {
  const s3 = new S3Server(() => new Date());
  let perch: Perch;
  let client: Client;
  let documentId: string;

  beforeAll(async () => {
    await s3.start();
    const { endpoint, region, bucket, accessKeyId, secretAccessKey } = s3.settings;
    const settings: Readonly<Record<string, string>> = kind === 'disk' ? {}
      : { S3_ENDPOINT: endpoint, S3_REGION: region, S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey };
    perch = await startPerch(shape, async () => ({ PERCH_STORAGE: kind, ...settings }));
    client = await new Client(perch.address).signIn();
    const { body } = await client.apply({ email: 'ada@example.com', resume: resume('engineer.pdf'), fileName: 'résumé.pdf' });
    const { applicationId } = body as { applicationId: string };
    expect((await client.analysed(applicationId)).analysis.state).toBe('done');
    documentId = (await perch.database.query<{ id: string }>("SELECT id FROM document WHERE file_name = 'résumé.pdf'"))[0]!.id;
  });
  afterAll(async () => {
    await perch.stop();
    await s3.stop();
  });

  const bytes = (test: request.Test): request.Test => test.buffer(true).parse((response, done) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
  });

  it('are kept where they should be', async () => {
    expect(await perch.database.query('SELECT 1 FROM stored_object WHERE key = $1', [`documents/${documentId}`])).toEqual([]);
    expect([...s3.objects.keys()].some((path) => path.endsWith(`/documents/${documentId}`))).toBe(kind === 's3');
  });

  it('are saved, never shown', async () => {
    const { status, headers, body } = await bytes(client.get(`/api/files/${documentId}`));
    expect([status, (body as Buffer).equals(resume('engineer.pdf'))]).toEqual([200, true]);
    expect(headers).toMatchObject({
      'content-type': 'application/pdf', 'content-disposition': "attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf", 'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox", 'cache-control': 'private, no-store',
    });
  });

  it('are sent in parts', async () => {
    const part = await bytes(client.get(`/api/files/${documentId}`).set('range', 'bytes=10-19'));
    expect([part.status, part.headers['content-range'], (part.body as Buffer).equals(resume('engineer.pdf').subarray(10, 20))]).toEqual([206, `bytes 10-19/${resume('engineer.pdf').length}`, true]);
    expect((await client.get(`/api/files/${documentId}`).set('range', 'bytes=99999999-')).status).toBe(416);
  });

  it('are for those who may read them', async () => {
    expect((await request(perch.address).get(`/api/files/${documentId}`)).status).toBe(401);
    const { email } = await addMember(perch.database, 'interviewer', (await perch.database.query<{ workspace_id: string }>('SELECT workspace_id FROM document LIMIT 1'))[0]!.workspace_id);
    const outsider = await new Client(perch.address).signIn(email, DEMO.password);
    const { status } = await outsider.get(`/api/files/${documentId}`);
    expect(status).toBe(403);
    const neighbour = await new Client(perch.address).signIn((await addMember(perch.database, 'recruiter')).email, DEMO.password);
    expect((await neighbour.get(`/api/files/${documentId}`)).status).toBe(404);
    expect((await client.get(`/api/files/${newId()}`)).status).toBe(404);
    expect((await client.get('/api/files/..%2F..%2Fsecrets.json')).status).toBe(404);
  });

  it('large ones come from the storage', async () => {
    const large = Buffer.concat([resume('engineer.pdf'), randomBytes(4_300_000)]);
    await client.apply({ email: 'bea@example.com', resume: large, fileName: 'large.pdf' });
    const { id } = (await perch.database.query<{ id: string }>("SELECT id FROM document WHERE file_name = 'large.pdf'"))[0]!;
    const answer = await bytes(client.get(`/api/files/${id}`).redirects(0));
    if (kind === 'disk') expect([answer.status, (answer.body as Buffer).equals(large)]).toEqual([200, true]);
    else {
      expect(answer.status).toBe(302);
      const followed = await fetch(answer.headers['location']!);
      expect([followed.headers.get('content-disposition'), Buffer.from(await followed.arrayBuffer()).equals(large)]).toEqual(["attachment; filename*=UTF-8''large.pdf", true]);
    }
  });

  it('are uploaded and fetched by signature', async () => {
    const addresses = new DoorAddresses(SECRET, perch.address, () => new Date());
    const { workspace_id: workspaceId } = (await perch.database.query<{ workspace_id: string }>('SELECT workspace_id FROM document LIMIT 1'))[0]!;
    const place = { workspaceId, key: `documents/${newId()}`, path: '' };
    const content = randomBytes(2_000_000);
    const signed = addresses.upload(place, { size: content.length, sha256: sha256(content), contentType: 'application/pdf', lifetime: 60 });
    const put = (body: Buffer): Promise<Response> => fetch(signed.url, { method: 'PUT', headers: signed.headers, body: new Uint8Array(body) });
    expect((await put(randomBytes(content.length))).status).toBe(422);
    expect((await put(content)).status).toBe(201);
    expect((await put(content)).status).toBe(409);
    const address = addresses.download(place, { fileName: 'a.pdf', contentType: 'application/pdf', lifetime: 60 });
    const got = await fetch(address);
    expect([got.status, got.headers.get('content-security-policy'), Buffer.from(await got.arrayBuffer()).equals(content)]).toEqual([200, "default-src 'none'; sandbox", true]);
    expect((await fetch(address, { method: 'PUT', body: 'x' })).status).toBe(405);
    expect((await fetch(`${address}x`)).status).toBe(403);
  });
});
