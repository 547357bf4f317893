import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import request from 'supertest';
import { SecretBox } from '../../src/common/secret-box.js';
import { eventually } from '../support/eventually.js';
import { CRON_SECRET, DEMO, startPerch, type Perch } from '../support/perch.js';

const [OLD, FRESH, LOST] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const settings = { PERCH_SEALING_KEY: OLD.toString('base64') };

interface Mail {
  readonly id: string;
  readonly workspaceId: string;
  readonly sealed: string;
}

describe('secrets after a change of the key', () => {
  let perch: Perch;
  let before: readonly string[];

  const mails = (): Promise<Mail[]> => perch.database.query('SELECT id, workspace_id AS "workspaceId", sealed_text AS sealed FROM mail_message WHERE sealed_text IS NOT NULL ORDER BY id');
  const texts = async (key: Buffer): Promise<string[]> => (await mails()).map(({ workspaceId, sealed }) => new SecretBox([key]).open(sealed, { workspaceId, field: 'mail_message.sealed_text' }));
  const reseal = async (): Promise<number> => {
    const { body } = await request(perch.address).post('/api/scheduled-job?task=reseal-secrets').set('authorization', `Bearer ${CRON_SECRET}`);
    return (body as { begun: Record<string, number> }).begun['reseal-secrets']!;
  };
  const restartWith = async (...keys: Buffer[]): Promise<void> => {
    await perch.kill();
    settings.PERCH_SEALING_KEY = keys.map((key) => key.toString('base64')).join(',');
    await perch.restart();
  };

  beforeAll(async () => {
    perch = await startPerch('process', async () => settings);
    for (let time = 0; time < 3; time++) expect((await request(perch.address).post('/api/auth/password-reset-request').send({ email: DEMO.email })).status).toBeLessThan(300);
    before = await texts(OLD);
  });
  afterAll(() => perch.stop());

  it('are sealed with the newest key', async () => {
    expect(before).toHaveLength(3);
    expect(await reseal()).toBe(0);
    await restartWith(FRESH, OLD);
    expect(await reseal()).toBe(1);
    await eventually('the job is done', async () => (await perch.database.query(`SELECT 1 FROM background_job WHERE type = 'resealSecrets' AND state = 'done' AND result->>'resealed' = '3'`)).length === 1);
    expect(await texts(FRESH)).toEqual(before);
    expect(await reseal()).toBe(0);
  });

  it('stay as they are where nobody can read them', async () => {
    const [mail] = await mails();
    const lost = new SecretBox([LOST]).seal('what was', { workspaceId: mail!.workspaceId, field: 'mail_message.sealed_text' });
    await perch.database.query('UPDATE mail_message SET sealed_text = $2 WHERE id = $1', [mail!.id, lost]);
    await perch.database.query(`DELETE FROM background_job WHERE type = 'resealSecrets'`);
    expect(await reseal()).toBe(1);
    const error = await eventually('the job has failed', async () => (await perch.database.query<{ message: string }>(`SELECT error_message AS message FROM background_job WHERE type = 'resealSecrets' AND state = 'dead'`))[0] ?? null);
    expect(error.message).toMatch(/^1 stored secrets were sealed with a key that PERCH_SEALING_KEY no longer holds/);
    expect((await mails()).map(({ sealed }) => sealed)).toContain(lost);
  });
});
