import { derivedSealingKey, SecretBox } from '../../src/common/secret-box.js';
import { readText } from '../../src/platform/mail/mail-text.js';
import { SECRET } from './perch.js';
import type { TestDatabase } from './test-database.js';

export interface SentMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

interface Row extends SentMail {
  readonly workspaceId: string;
  readonly sealedText: string | null;
}

const box = new SecretBox([derivedSealingKey(SECRET)]);

/** The mails that were written, as their addressees read them, the oldest first. */
export async function mailsWhere(database: TestDatabase, condition: string, values: readonly unknown[], order = 'id'): Promise<SentMail[]> {
  const rows = await database.query<Row>(`SELECT to_address AS "to", subject, text, sealed_text AS "sealedText", workspace_id AS "workspaceId" FROM mail_message WHERE ${condition} ORDER BY ${order}`, values);
  return rows.map((row) => ({ to: row.to, subject: row.subject, text: readText(box, row) }));
}
