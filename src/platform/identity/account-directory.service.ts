import { Inject, Injectable } from '@nestjs/common';
import type { Role } from '../../common/permission.js';
import { systemContext } from '../../common/request-context.js';
import { Database } from '../../infrastructure/database/database.js';

/** An account that is not disabled. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly passwordHash: string | null;
  readonly hasSecondFactor: boolean;
}

export interface MembershipEntry {
  readonly workspaceId: string;
  readonly role: Role;
}

const ACCOUNT = `SELECT id, email, display_name AS "displayName", password_hash AS "passwordHash", second_factor_since IS NOT NULL AS "hasSecondFactor"
FROM user_account WHERE disabled_at IS NULL`;

/** Finds accounts and where they belong to before a workspace is known. */
@Injectable()
export class AccountDirectory {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The account with the address, in whatever case it is written. */
  byEmail(email: string): Promise<Account | null> {
    return this.find(`${ACCOUNT} AND email = $1`, email.trim().toLowerCase());
  }

  byId(id: string): Promise<Account | null> {
    return this.find(`${ACCOUNT} AND id = $1`, id);
  }

  /** The membership in the workspace of the slug, or the oldest one where it is null. */
  async membership(userId: string, slug: string | null): Promise<MembershipEntry | null> {
    const rows = await this.database.read(systemContext(null), (manager) => manager.query<MembershipEntry[]>(
      `SELECT m.workspace_id AS "workspaceId", m.role FROM membership m LEFT JOIN workspace w ON w.id = m.workspace_id
       WHERE m.user_id = $1 AND ($2::text IS NULL OR w.slug = $2) ORDER BY m.created_at LIMIT 1`, [userId, slug],
    ), { userId, ...(slug === null ? {} : { workspaceSlug: slug }) });
    return rows[0] ?? null;
  }

  private async find(sql: string, value: string): Promise<Account | null> {
    const anonymous = systemContext(null);
    const [account] = await this.database.read(anonymous, (manager) => manager.query<Account[]>(sql, [value])).finally(() => this.database.end(anonymous));
    return account ?? null;
  }
}
