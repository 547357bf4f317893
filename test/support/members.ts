import { newId } from '../../src/common/ids.js';
import type { Role } from '../../src/common/permission.js';
import { hashPassword } from '../../src/platform/identity/password.js';
import type { TestDatabase } from './test-database.js';

export const MEMBER_PASSWORD = 'a-password-of-the-tests';

/** Adds somebody to the demo workspace who can sign in with MEMBER_PASSWORD; returns their user id. */
export async function addMember(database: TestDatabase, name: string, role: Role): Promise<string> {
  const id = newId();
  await database.query('INSERT INTO user_account (id, email, display_name, password_hash) VALUES ($1, $2, $3, $4)',
    [id, `${name.toLowerCase().replaceAll(' ', '.')}@perch.example`, name, await hashPassword(MEMBER_PASSWORD)]);
  await database.query("INSERT INTO membership (id, workspace_id, user_id, role) SELECT $1, id, $2, $3 FROM workspace WHERE slug = 'demo'", [newId(), id, role]);
  return id;
}
