import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendFile, chmod, chown, copyFile, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import pg from 'pg';
import { runsAsRoot, UNPRIVILEGED } from '../../src/infrastructure/embedded-postgres/binaries.js';
import { ensureDatabase, startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/embedded-postgres.js';
import { migrateUp } from '../../src/infrastructure/database/migrations.js';
import { eventually } from '../support/eventually.js';
import { MIGRATIONS } from './backup-bench.js';

const ROWS = 20_000;
const ARCHIVE_EVERY_SECONDS = 2;
const CONTENT = `SELECT count(*)::int AS rows, md5(string_agg(c::text, '|' ORDER BY id)) AS hash FROM company c`;
/** What a copy of a running server must not have, or need not. */
const LEFT_OUT = /^(postmaster\.(pid|opts)|pg_wal\/.+|pg_stat_tmp\/.+|pg_replslot\/.+|.*pgsql_tmp.*)$/;

/** Gives everything below the folder to the user that PostgreSQL runs as. */
async function giveAway(folder: string): Promise<void> {
  if (!runsAsRoot()) return;
  const { uid, gid } = UNPRIVILEGED;
  await chown(folder, uid, gid);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) await chown(join(entry.parentPath, entry.name), uid, gid);
}

/** A server that keeps its write-ahead log elsewhere, and the copy of it from which it is made again. */
class Drill {
  server!: EmbeddedPostgres;
  client!: pg.Client;

  private constructor(private readonly folder: string) {}

  static async open(): Promise<Drill> {
    const folder = await mkdtemp(join(tmpdir(), 'perch-drill-'));
    await chmod(folder, 0o755);
    const drill = new Drill(folder);
    for (const name of ['archive', 'base']) {
      await mkdir(join(folder, name));
      await giveAway(join(folder, name));
    }
    drill.server = await startEmbeddedPostgres(join(folder, 'primary'));
    await drill.connect('postgres');
    for (const [name, value] of [['archive_mode', 'on'], ['archive_command', `cp %p ${folder}/archive/.%f && mv ${folder}/archive/.%f ${folder}/archive/%f`], ['archive_timeout', `${ARCHIVE_EVERY_SECONDS}s`]]) {
      await drill.client.query(`ALTER SYSTEM SET ${name} = ${pg.escapeLiteral(value!)}`);
    }
    await ensureDatabase(drill.server, 'perch');
    await drill.client.end();
    await drill.server.stop();
    drill.server = await startEmbeddedPostgres(join(folder, 'primary'));
    await migrateUp(drill.server.ownerUrl('perch'), drill.server.ownerUrl('perch'), MIGRATIONS);
    await drill.connect('perch');
    return drill;
  }

  async connect(database: string): Promise<void> {
    this.client = new pg.Client({ connectionString: this.server.ownerUrl(database) });
    this.client.on('error', () => undefined);
    await this.client.connect();
  }

  async ask<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row> {
    return (await this.client.query<Row>(sql, [...values])).rows[0]!;
  }

  /** Copies the files of the running server, as the manual has it ("Making a Base Backup Using the Low Level API"). */
  async copyBase(): Promise<void> {
    const [data, base] = [await realpath(join(this.folder, 'primary', 'postgres')), join(this.folder, 'base')];
    await this.ask("SELECT pg_backup_start('drill', true)");
    await cp(data, base, { recursive: true, filter: (source) => !LEFT_OUT.test(relative(data, source)) });
    const { labelfile } = await this.ask<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    await writeFile(join(base, 'backup_label'), labelfile);
  }

  /** Waits until the log up to this place is in the archive. */
  archived(place: string): Promise<boolean> {
    return eventually('the log is archived', async () =>
      (await this.ask<{ done: boolean | null }>('SELECT last_archived_wal >= pg_walfile_name($1::pg_lsn) AS done FROM pg_stat_archiver', [place])).done, 60_000);
  }

  /** Ends the server as the kernel would. */
  async kill(): Promise<void> {
    const pid = Number((await readFile(join(this.folder, 'primary', 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    await this.client.end().catch(() => undefined);
  }

  /** Makes a server from the copy and the archive alone, as of the time. */
  async recover(time: string): Promise<void> {
    const data = join(this.folder, 'recovered', 'postgres');
    await mkdir(join(this.folder, 'recovered'));
    await copyFile(join(this.folder, 'primary', 'postgres.password'), join(this.folder, 'recovered', 'postgres.password'));
    await cp(join(this.folder, 'base'), data, { recursive: true });
    await writeFile(join(data, 'recovery.signal'), '');
    const settings = { archive_mode: 'off', restore_command: `cp ${this.folder}/archive/%f %p`, recovery_target_time: time, recovery_target_action: 'promote' };
    await appendFile(join(data, 'postgresql.auto.conf'), Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`).join(''));
    await giveAway(data);
    await chmod(data, 0o700);
    this.server = await startEmbeddedPostgres(join(this.folder, 'recovered'));
    await this.connect('perch');
    await eventually('the server takes writes', async () => !(await this.ask<{ waits: boolean }>('SELECT pg_is_in_recovery() AS waits')).waits, 60_000);
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

describe('recovery to a point in time', () => {
  let drill: Drill;

  beforeAll(async () => {
    drill = await Drill.open();
  });
  afterAll(() => drill.close());

  it('gives exactly the rows of that time', async () => {
    const insert = (first: number): Promise<object> => drill.ask(
      `INSERT INTO company (id, workspace_id, name) SELECT gen_random_uuid(), (SELECT id FROM workspace), 'Company ' || n FROM generate_series($1::int, $2::int) n`, [first, first + ROWS / 2 - 1]);
    await drill.ask("INSERT INTO workspace (id, slug, name) VALUES (gen_random_uuid(), 'drill', 'Drill')");
    await insert(1);
    await drill.copyBase();
    await insert(1 + ROWS / 2);
    const wanted = await drill.ask<{ rows: number; hash: string }>(CONTENT);
    // ISO 8601 with its T and Z is not understood there.
    const { time } = await drill.ask<{ time: string }>(`SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS time`);
    await drill.ask('DELETE FROM company');
    const lost = performance.now();
    await drill.archived((await drill.ask<{ place: string }>('SELECT pg_current_wal_lsn()::text AS place')).place);
    const exposed = performance.now() - lost;
    await drill.kill();
    const started = performance.now();
    await drill.recover(time);
    expect(await drill.ask(CONTENT)).toEqual(wanted);
    const seconds = (performance.now() - started) / 1_000;
    expect(wanted.rows).toBe(ROWS);
    expect(exposed).toBeLessThan(30_000);
    expect(seconds).toBeLessThan(60);
    process.stderr.write(`point in time: ${ROWS} rows of ${time}; RPO ${(exposed / 1_000).toFixed(1)} s (archive_timeout ${ARCHIVE_EVERY_SECONDS} s), RTO ${seconds.toFixed(1)} s\n`);
  });
});
