import type { DataSource } from 'typeorm';

/**
 * Refuses to go on as a role that row-level security does not bind: a superuser, one with BYPASSRLS, or an owner of
 * tables. Such a connection would show every workspace to every caller without any error.
 */
export async function assertRestrictedRole(dataSource: DataSource): Promise<void> {
  const [role] = await dataSource.query<{ name: string; unbound: boolean; owner: boolean }[]>(
    `SELECT rolname AS name, rolsuper OR rolbypassrls AS unbound,
            EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid AND relkind = 'r' AND relnamespace = 'public'::regnamespace) AS owner
     FROM pg_roles r WHERE rolname = current_user`,
  );
  if (!role || role.unbound || role.owner) {
    await dataSource.destroy();
    throw new Error(`DATABASE_URL signs in as "${role?.name ?? 'unknown'}", which row-level security does not bind. Use a login that is a member of perch_app; "perch migrate up" makes the one that DATABASE_URL names.`);
  }
}
