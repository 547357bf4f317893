// Builds the web application from src/web into public/, which the ordinary process and the platform serve as files.
import react from '@vitejs/plugin-react';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Whether public/ is missing or older than a file it was made from. */
export async function webIsStale() {
  const built = await stat(join(root, 'public', 'index.html')).catch(() => null);
  if (!built) return true;
  const sources = (await readdir(join(root, 'src', 'web'), { withFileTypes: true, recursive: true })).filter((entry) => entry.isFile());
  const times = await Promise.all(sources.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs));
  return Math.max(...times) > built.mtimeMs;
}

export async function buildWeb() {
  await build({
    root: join(root, 'src', 'web'), configFile: false, publicDir: false, logLevel: 'warn', plugins: [react()],
    // Nothing is put into the page itself: the content security policy allows files of this site only.
    build: { outDir: join(root, 'public'), emptyOutDir: true, assetsInlineLimit: 0, target: 'es2022' },
  });
  await writeFile(join(root, 'public', '.gitkeep'), '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWeb();
