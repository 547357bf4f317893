import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { eventually } from '../support/eventually.js';
import { MailServer } from '../support/mail-server.js';
import { CRON_SECRET, startPerch, type Shape } from '../support/perch.js';
import { SHAPES } from '../support/shapes.js';

it.each<[Shape]>(SHAPES.map((shape) => [shape]))('mail leaves by SMTP in the shape %s', async (shape) => {
  const server = new MailServer();
  const url = await server.start();
  const perch = await startPerch(shape, async () => ({ SMTP_URL: url, MAIL_FROM: 'Perch <jobs@perch.example>' }));
  const id = randomUUID();
  await perch.database.query(
    `INSERT INTO mail_message (id, workspace_id, message_id, to_address, subject, text, kind)
     SELECT $1::uuid, id, '<' || $1 || '@perch.example>', 'ada@example.com', 'Hello', 'A line.', 'test' FROM workspace WHERE slug = 'demo'`, [id]);
  await perch.database.query(
    `INSERT INTO background_job (id, workspace_id, type, payload, subject_type, subject_id, max_attempts, run_at, created_at, actor_type)
     SELECT id, workspace_id, 'sendMail', jsonb_build_object('mailId', id), 'mail_message', id, 9, now() - interval '1 minute', now() - interval '1 minute', 'system'
     FROM mail_message WHERE id = $1`, [id]);
  await request(perch.address).get('/api/scheduled-job?task=process-pending').set('authorization', `Bearer ${CRON_SECRET}`).expect(200);
  await eventually('the mail was sent', async () => (await perch.database.query("SELECT 1 FROM mail_message WHERE id = $1 AND state = 'sent'", [id])).length === 1);
  expect(server.received.map(({ messageId, subject }) => [messageId, subject])).toEqual([[`<${id}@perch.example>`, 'Hello']]);
  await perch.stop();
  await server.stop();
});
