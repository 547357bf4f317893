import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recognizePage } from '../src/infrastructure/documents/recognition/recognize-page.js';
import { TextRecognizer } from '../src/infrastructure/documents/recognition/text-recognizer.js';
import { scanOf } from '../test/scans/scan-files.js';
import { median, quantile } from './statistics.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const known = join(root, '..', 'shared', 'resumes');
const resumes = existsSync(known) ? join(known, 'documents') : join(root, 'test', 'fixtures', 'resumes');

const pdfs = (): string[] => readdirSync(resumes).filter((name) => name.endsWith('.pdf')).sort();

/** The share of fields that are read from scans of the known resumes, as their scorer prints it. */
function accuracy(scans: ReadonlyMap<string, Buffer>): string {
  if (!existsSync(known)) return `not measured: ${known} is not there; test/scans checks the fixtures`;
  const folder = mkdtempSync(join(tmpdir(), 'perch-ocr-'));
  try {
    for (const name of ['truth', 'visible-text']) cpSync(join(known, name), join(folder, name), { recursive: true });
    mkdirSync(join(folder, 'documents'));
    for (const [name, scan] of scans) writeFileSync(join(folder, 'documents', name), scan);
    const { stdout } = spawnSync(process.execPath, [join(known, 'score.mjs'), '--dir', folder, '--', process.execPath, join(root, 'scripts', 'perch.mjs'), 'parse-resume'], { encoding: 'utf8' });
    return stdout.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints what recognising a page of a clean grey scan of 200 dots an inch costs, and which fields are read from it. */
export async function run(rounds: number): Promise<void> {
  const scans = new Map(pdfs().map((name) => [name, scanOf(readFileSync(join(resumes, name)))]));
  const begin = performance.now();
  const recognizer = await TextRecognizer.open();
  const opening = performance.now() - begin;
  const [walls, cpus]: [number[], number[]] = [[], []];
  for (const scan of scans.values()) {
    const times: { wall: number; cpu: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const [start, before] = [performance.now(), process.cpuUsage()];
      await recognizePage(recognizer, scan, 1);
      const { user, system } = process.cpuUsage(before);
      times.push({ wall: performance.now() - start, cpu: (user + system) / 1_000 });
    }
    walls.push(median(times.map(({ wall }) => wall)));
    cpus.push(median(times.map(({ cpu }) => cpu)));
  }
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? NaN) / 1_024;
  process.stdout.write(`Node ${process.versions.node}, ${rounds} rounds, the first pages of ${scans.size} scans; the recogniser opens in ${opening.toFixed(0)} ms\n`);
  process.stdout.write(`a page   ms median ${median(walls).toFixed(0)}, p95 ${quantile(walls, 0.95).toFixed(0)}   CPU ms median ${median(cpus).toFixed(0)}   peak MB ${peak.toFixed(0)}\n${accuracy(scans)}\n`);
}
