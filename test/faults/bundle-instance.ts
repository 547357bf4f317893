import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./instance.js', import.meta.url));
const BUNDLER = new URL('../../../scripts/bundle.mjs', import.meta.url).href;

/** The instance as one file, because dozens of them are started and each would load two thousand. */
export async function bundleInstance(): Promise<{ program: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-faults-'));
  const program = join(folder, 'instance.cjs');
  const { bundleProgram } = (await import(BUNDLER)) as { bundleProgram(entry: string, outfile: string): Promise<object> };
  await bundleProgram(PROGRAM, program);
  return { program, folder };
}
