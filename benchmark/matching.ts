import { cpus, loadavg } from 'node:os';
import { prepareRubric, type PreparedRubric } from '../src/features/resume-analysis/scoring/prepared-rubric.js';
import { scoreResume } from '../src/features/resume-analysis/scoring/score-resume.js';
import { pairs, NOW, type Pair } from '../test/resume-analysis/scoring/pairs.js';
import { bm25Score } from './matching/bm25.js';
import { median, quantile } from './statistics.js';

const PAIRS = 3_000;
const WARM_UP = 500;

interface Prepared extends Pair {
  readonly rubric: PreparedRubric;
}

/** Milliseconds that each pair took. */
function timed(all: readonly Prepared[], score: (pair: Prepared) => unknown): number[] {
  return all.map((pair) => {
    const begin = performance.now();
    score(pair);
    return performance.now() - begin;
  });
}

const SYSTEMS = {
  'Perch, rubric prepared': ({ rubric, resume }: Prepared) => scoreResume(rubric, resume.record, resume.text, NOW),
  'Perch, with its rubric': ({ requirements, resume }: Prepared) => scoreResume(prepareRubric(requirements), resume.record, resume.text, NOW),
  'floor: BM25': ({ requirements, resume }: Prepared) => bm25Score(requirements, resume.text.lines),
} as const;
type System = keyof typeof SYSTEMS;

/** Scores the same pairs by each system, in an order that alternates, and prints ms a pair and the ratio to the floor. */
export function run(rounds: number): void {
  const all = pairs(11, PAIRS).map((pair) => ({ ...pair, rubric: prepareRubric(pair.requirements) }));
  const names = Object.keys(SYSTEMS) as System[];
  const times = new Map<System, number[]>(names.map((name) => [name, []]));
  for (const name of names) timed(all.slice(0, WARM_UP), SYSTEMS[name]);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length]!;
      times.get(name)!.push(...timed(all, SYSTEMS[name]));
    }
  }
  const floor = median(times.get('floor: BM25')!);
  const size = median(all.map(({ resume }) => resume.text.lines.join('\n').length));
  console.log(`${PAIRS} pairs, ${rounds} rounds, resumes of ${size} characters (median), ${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0]!.toFixed(1)}\n`);
  console.log('system                    ms a pair: median    p95    p99    to the floor');
  for (const name of names) {
    const values = times.get(name)!;
    const [middle, late, last] = [median(values), quantile(values, 0.95), quantile(values, 0.99)];
    console.log(`${name.padEnd(26)}${middle.toFixed(3).padStart(18)}${late.toFixed(3).padStart(7)}${last.toFixed(3).padStart(7)}${(middle / floor).toFixed(2).padStart(16)}`);
  }
}
