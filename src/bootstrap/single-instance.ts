import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Makes sure that one process at a time owns the data folder, because it starts and stops the database in it. A mark left by
 * a killed process is taken over. Returns what gives the folder back. Throws a text that names the other process.
 */
export async function ownDataFolder(dataDirectory: string): Promise<() => Promise<void>> {
  const file = join(dataDirectory, 'perch.pid');
  await mkdir(dataDirectory, { recursive: true });
  const other = Number(await readFile(file, 'utf8').catch(() => '0'));
  if (other > 0 && isAlive(other)) {
    throw new Error(`Perch is already running on ${dataDirectory} (process ${other}). Stop it first, or set PERCH_DATA_DIR to another folder.`);
  }
  await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
}
