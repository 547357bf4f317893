import type { ResumeRecord } from '../parser/json-resume.js';

function monthsOf(date: string): number {
  const [year = '0', month = '01'] = date.split('-');
  return Number(year) * 12 + Number(month) - 1;
}

/** Years covered by the jobs of the record, overlaps counted once. An absent end means until `now`. */
export function yearsOfWork(record: ResumeRecord, now: Date): number {
  const present = now.getUTCFullYear() * 12 + now.getUTCMonth();
  const spans = record.work.flatMap(({ startDate, endDate }) => (startDate === undefined ? [] : [[monthsOf(startDate), endDate === undefined ? present : monthsOf(endDate)] as const]));
  let [months, reached] = [0, -Infinity];
  for (const [start, end] of spans.filter(([from, to]) => to >= from).sort((a, b) => a[0] - b[0])) {
    months += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return Math.round((months / 12) * 10) / 10;
}
