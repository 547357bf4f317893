import { createApplication } from '../bootstrap/create-application.js';
import { MirrorReport, type TransportFault, type TransportTotals } from '../serverless-jobs/transports/mirror-report.js';
import { numberOption } from './number-option.js';

const MOST_HOURS = 7 * 24;
const COLUMNS = ['transport', 'role', 'published', 'delivered', 'refused', 'missing', 'doubled', 'late p50', 'late p95', 'late max'];
const WIDTH = 11;

const milliseconds = (value: number | null): string => (value === null ? '-' : `${value} ms`);
const line = (cells: readonly (string | number)[]): string => cells.map((cell) => String(cell).padEnd(WIDTH)).join(' ').trimEnd();

/** The report as text. Pure, for tests. */
export function reportText(totals: readonly TransportTotals[], faults: readonly TransportFault[], hours: number): string {
  if (totals.length === 0) return `Nothing was mirrored in the last ${hours} hours.\n`;
  const rows = totals.map((row) => line([
    row.transport, row.shadow ? 'shadow' : 'effects', row.published, row.delivered, row.refused, row.missing, row.doubled,
    milliseconds(row.lateP50), milliseconds(row.lateP95), milliseconds(row.lateMax),
  ]));
  const found = faults.map(({ transport, fault, call, type, dueAt }) => `  ${transport} ${fault} ${call} ${type ?? 'drain'}, due ${dueAt?.toISOString() ?? 'unknown'}`);
  return `${[line(COLUMNS), ...rows, found.length === 0 ? 'No differences.' : 'First differences:', ...found].join('\n')}\n`;
}

/** `jobs compare`: prints what the two transports of a mirror did. Returns 1 when the shadow lost or doubled a call. */
export async function jobsCommand([command, ...args]: readonly string[]): Promise<number> {
  const hours = numberOption(args, 'hours', 24, MOST_HOURS);
  if (command !== 'compare' || hours === null) {
    process.stderr.write(`Usage: perch jobs compare [--hours 1 to ${MOST_HOURS}]\n`);
    return 2;
  }
  const application = await createApplication();
  try {
    const { totals, faults } = await application.nest.get(MirrorReport, { strict: false }).compare(hours);
    process.stdout.write(reportText(totals, faults, hours));
    return totals.some((row) => row.shadow && row.refused + row.missing + row.doubled > 0) ? 1 : 0;
  } finally {
    await application.close();
  }
}
