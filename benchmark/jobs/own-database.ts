import pg from 'pg';

/** The address of a database of this name beside Perch's own, made anew and empty. */
export async function emptyDatabase(name: string): Promise<string> {
  const url = new URL(process.env['DIRECT_URL']!);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  url.pathname = `/${name}`;
  return url.href;
}
