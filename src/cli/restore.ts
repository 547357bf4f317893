import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { processEnvironment, type Environment } from '../config/environment.js';
import { backupKey } from '../infrastructure/backup/frame-cipher.js';
import { OpenedBackup } from '../infrastructure/backup/read-backup.js';
import { restoreBackup } from '../infrastructure/backup/restore-backup.js';
import { restoreFiles } from '../infrastructure/backup/saved-files.js';
import { migrateUp } from '../infrastructure/database/migrations.js';
import { backupSource, outerStorage } from './backup-place.js';
import { reported } from './backup.js';

const USAGE = `Usage: perch restore NAME|FILE --into DATABASE_URL [--replace-existing-data] [--with-files]

  DATABASE_URL is the database as the owner of its tables. One that holds rows is refused, unless its data is to be replaced: then all
  its tables in the schema public are deleted.
`;
const OPTIONS = { into: { type: 'string' }, 'replace-existing-data': { type: 'boolean' }, 'with-files': { type: 'boolean' } } as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Wishes {
  readonly into: string;
  readonly replaces: boolean;
  readonly withFiles: boolean;
}

async function restore(environment: Environment, name: string, { into, replaces, withFiles }: Wishes, distribution: string): Promise<void> {
  const started = performance.now();
  const source = await backupSource(environment, name);
  try {
    const backup = await OpenedBackup.open(source, environment.backupKeys.map(backupKey));
    const migrations = join(distribution, 'migrations');
    const tables = await restoreBackup(backup, { url: into, migrations, replaces });
    for (const { name: table, rows, digest } of tables) say(`${table}\t${rows}\t${digest.slice(0, 16)}`);
    const applied = await migrateUp(into, environment.databaseUrl ?? into, migrations);
    if (withFiles) say(`${await restoreFiles(backup, outerStorage(environment))} files put back`);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    say(`${rows} rows of ${tables.length} tables are those of ${backup.manifest.at}; ${applied.length} migrations came after. ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  } finally {
    await source.close();
  }
}

function parse(args: readonly string[]): { name: string; wishes: Wishes } | null {
  try {
    const { values, positionals: [name, ...rest] } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (name === undefined || rest.length > 0 || values.into === undefined || !/^postgres(ql)?:\/\//.test(values.into)) return null;
    return { name, wishes: { into: values.into, replaces: values['replace-existing-data'] === true, withFiles: values['with-files'] === true } };
  } catch {
    return null;
  }
}

/** `perch restore NAME|FILE --into DATABASE_URL`. Returns the exit code; a restore that fails has changed nothing. */
export async function restoreCommand(args: readonly string[], distribution: string): Promise<number> {
  const parsed = parse(args);
  if (parsed === null) {
    process.stderr.write(USAGE);
    return 2;
  }
  return reported(() => restore(processEnvironment(), parsed.name, parsed.wishes, distribution));
}
