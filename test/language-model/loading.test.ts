import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FakeModelServer } from '../support/fake-model-server.js';
import { startPerch } from '../support/perch.js';
import { TEXT } from './model-bench.js';

const run = promisify(execFile);
const CLIENT = /node_modules\/(ai|@ai-sdk)\/|\/language-model\.cjs$/;
const BUNDLER = new URL('../../../scripts/bundle.mjs', import.meta.url).href;
const BUILT = fileURLToPath(new URL('../../functions/', import.meta.url));
/** A text that stands in each error of the client. */
const MARK_OF_CLIENT = 'vercel.ai.error';

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

/** Every script that processes have loaded which were told to leave their coverage in the folder. */
async function loadedScripts(folder: string): Promise<string[]> {
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  return files.flatMap((text) => (JSON.parse(text) as Coverage).result.map(({ url }) => url));
}

describe('the client of language models', () => {
  const server = new FakeModelServer();
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perch-model-'));
    await server.start();
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is not loaded by a start', async () => {
    const coverage = join(folder, 'start');
    const perch = await startPerch('process', async () => ({ NODE_V8_COVERAGE: coverage, PERCH_MODEL_PROVIDER: 'openai-compatible', PERCH_MODEL: 'm', PERCH_MODEL_BASE_URL: server.baseUrl }));
    await perch.stop();
    const scripts = await loadedScripts(coverage);
    expect(scripts.filter((url) => url.endsWith('/language-model/ai-sdk-language-model.js'))).not.toEqual([]);
    expect(scripts.filter((url) => CLIENT.test(url))).toEqual([]);
  });

  it('is apart from the functions', async () => {
    const bundle = await readFile(join(BUILT, 'application.cjs'), 'latin1');
    const asked = bundle.match(/.{20}require\("\.\/language-model\.cjs"\)/g) ?? [];
    expect(asked).toHaveLength(3);
    for (const place of asked) expect(place).toContain('.then(()=>');
    expect(bundle).not.toContain(MARK_OF_CLIENT);
    expect(await readFile(join(BUILT, 'language-model.cjs'), 'latin1')).toContain(MARK_OF_CLIENT);
  });

  it.each(['as it is', 'bundled'] as const)('is loaded by a first call, %s', async (form) => {
    server.answers.push({ text: TEXT }, { text: TEXT }, { text: TEXT });
    const [home, coverage] = [join(folder, 'folder'), join(folder, form)];
    const source = fileURLToPath(new URL('./ask-program.js', import.meta.url));
    const program = form === 'as it is' ? source : join(home, 'ask.cjs');
    if (form === 'bundled') {
      const { bundleProgram } = (await import(BUNDLER)) as { bundleProgram(entry: string, outfile: string): Promise<object> };
      await bundleProgram(source, program);
      await copyFile(join(BUILT, 'language-model.cjs'), join(home, 'language-model.cjs'));
    }
    const { stdout } = await run(process.execPath, [program, server.baseUrl], { env: { PATH: process.env['PATH'], NODE_V8_COVERAGE: coverage } });
    expect((JSON.parse(stdout) as { text: string }[]).map(({ text }) => text)).toEqual([TEXT, TEXT, TEXT]);
    expect((await loadedScripts(coverage)).filter((url) => CLIENT.test(url))).not.toEqual([]);
  });
});
