import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractDocument } from '../src/infrastructure/documents/extract-document.js';
import { headingOf } from '../src/features/resume-analysis/parser/headings.js';
import { parseResume } from '../src/features/resume-analysis/parser/parse-resume.js';
import { bareText } from './resume-floor.js';
import { median, quantile } from './statistics.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const known = join(root, '..', 'shared', 'resumes');
const folder = existsSync(known) ? join(known, 'documents') : join(root, 'test', 'fixtures', 'resumes');

const READERS = {
  'bare text': bareText,
  'Perch, to a record': async (file: string): Promise<number> => parseResume(await extractDocument(readFileSync(file), (text) => headingOf(text) !== null)).work.length,
};
type Reader = keyof typeof READERS;
const NAMES = Object.keys(READERS) as Reader[];

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const files = (ending: string): string[] => readdirSync(folder).filter((name) => name.endsWith(ending)).sort().map((name) => join(folder, name));

async function cost(reader: Reader, file: string): Promise<number> {
  const begin = cpu();
  await READERS[reader](file);
  return cpu() - begin;
}

/** Medians of the rounds for each file; the readers take turns and the first round is dropped. */
async function measure(names: readonly Reader[], paths: readonly string[], rounds: number): Promise<Map<Reader, number[]>> {
  const costs = new Map(names.map((name) => [name, paths.map((): number[] => [])]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, path] of paths.entries()) {
      for (const name of names) {
        const spent = await cost(name, path);
        if (round > 0) costs.get(name)![index]!.push(spent);
      }
    }
  }
  return new Map([...costs].map(([name, samples]) => [name, samples.map(median)]));
}

/** CPU ms from an empty process to the first document, and the peak of its memory in MB after all of them, for one reader. */
function alone(reader: Reader): { readonly cold: number; readonly peak: number } {
  const script = fileURLToPath(new URL('./resume-alone.js', import.meta.url));
  return JSON.parse(execFileSync(process.execPath, ['--no-warnings', script, reader, ...files('.pdf')], { encoding: 'utf8' })) as { cold: number; peak: number };
}

/** For a process of its own: reads the files one after the other. */
export async function readAlone(reader: Reader, paths: readonly string[]): Promise<{ readonly cold: number; readonly peak: number }> {
  const cold = await cost(reader, paths[0]!);
  for (const path of paths.slice(1)) await READERS[reader](path);
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? NaN) / 1_024;
  return { cold, peak };
}

function accuracy(): string {
  if (!existsSync(known)) return `not measured: ${known} is not there; test/resume-analysis checks the fixtures`;
  const { stdout } = spawnSync(process.execPath, [join(known, 'score.mjs'), '--', process.execPath, join(root, 'scripts', 'perch.mjs'), 'parse-resume'], { encoding: 'utf8' });
  return `macro ${/macro ([\d.]+) %/.exec(stdout)?.[1] ?? '?'} %`;
}

/** Prints what reading resumes costs beside the least that it can cost, in the same run. */
export async function run(rounds: number): Promise<void> {
  const pdfs = await measure(NAMES, files('.pdf'), rounds);
  const words = await measure(['Perch, to a record'], files('.docx'), rounds);
  process.stdout.write(`Node ${process.versions.node}, ${rounds} rounds, ${files('.pdf').length} PDF and ${files('.docx').length} DOCX files of ${folder}\n`);
  const floor = median(pdfs.get('bare text')!);
  for (const [name, costs] of pdfs) {
    const { cold, peak } = alone(name);
    process.stdout.write(`PDF   ${name.padEnd(20)} CPU ms median ${median(costs).toFixed(1)}, p95 ${quantile(costs, 0.95).toFixed(1)}   x${(median(costs) / floor).toFixed(2)}   first ${cold.toFixed(0)}   peak MB ${peak.toFixed(0)}\n`);
  }
  for (const [name, costs] of words) process.stdout.write(`DOCX  ${name.padEnd(20)} CPU ms median ${median(costs).toFixed(1)}, p95 ${quantile(costs, 0.95).toFixed(1)}\n`);
  process.stdout.write(`accuracy: ${accuracy()}\n`);
}
