import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { addMember, demoWorkspace } from '../support/background-job-rows.js';
import { Client } from '../support/client.js';
import { DEMO, startPerch } from '../support/perch.js';

const SECRET = 'http://perch.example/approve#link_secret';

it('a confidential mail opens for its addressee only', async () => {
  const perch = await startPerch('process');
  const workspace = await demoWorkspace(perch.database);
  const { email } = await addMember(perch.database, 'hiring_manager', workspace);
  const id = randomUUID();
  await perch.database.query(
    `INSERT INTO mail_message (id, workspace_id, message_id, to_address, subject, text, kind, confidential, state) VALUES ($1, $2, $3, $4, 'Please decide', $5, 'offer_approval', true, 'kept')`,
    [id, workspace, `<${id}@perch.example>`, email, SECRET]);
  const read = async (client: Client): Promise<string> =>
    (await client.graphql<{ mailMessage: { text: string } }>('query ($id: ID!) { mailMessage(id: $id) { text confidential } }', { id })).data.mailMessage.text;
  expect(await read(await new Client(perch.address).signIn(email, DEMO.password))).toBe(SECRET);
  expect(await read(await new Client(perch.address).signIn())).not.toContain('secret');
  await perch.stop();
});
