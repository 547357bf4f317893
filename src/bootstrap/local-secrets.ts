import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Secrets of a laptop installation; made once and kept in the data folder for its owner alone. */
export interface LocalSecrets {
  readonly secret: string;
  readonly cronSecret: string;
  readonly databasePassword: string;
}

export async function localSecrets(dataDirectory: string): Promise<LocalSecrets> {
  const file = join(dataDirectory, 'secrets.json');
  await mkdir(dataDirectory, { recursive: true });
  const fresh = (): string => randomBytes(32).toString('hex');
  const made: LocalSecrets = { secret: fresh(), cronSecret: fresh(), databasePassword: fresh() };
  await writeFile(file, JSON.stringify(made, null, 2), { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return JSON.parse(await readFile(file, 'utf8')) as LocalSecrets;
}
