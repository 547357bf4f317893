import { ContractError } from './contract-error.js';
import { requireDuration } from './duration.js';

const WEEK_SECONDS = 604_800;
const LARGEST = 1_000_000;

/** How many deliveries of one key may be under way, and begin in a period. */
export interface FlowSettings {
  readonly key: string;
  readonly parallelism: number | null;
  readonly rate: number | null;
  readonly periodSeconds: number;
}

/** A whole number from 1 on, or null where nothing was said. Throws 400. */
export function readLimit(text: string | undefined | null, name: string): number | null {
  if (text === undefined || text === null) return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > LARGEST) throw new ContractError(400, `${name} must be a whole number from 1 to ${LARGEST}`);
  return value;
}

/** Seconds of a period like `60`, `1m` or `1d`. Throws 400. */
export function readPeriod(text: string | undefined | null): number {
  if (text === undefined || text === null) return 1;
  const seconds = requireDuration(/^\d+$/.test(text) ? `${text}s` : text, 'the period of the flow control') / 1_000;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > WEEK_SECONDS) throw new ContractError(400, 'the period of the flow control must be from 1 second to 1 week');
  return seconds;
}

/** Reads Upstash-Flow-Control-Key and -Value. Throws 400. */
export function readFlowSettings(key: string | undefined, value: string | undefined): FlowSettings | null {
  if (key === undefined) return null;
  if (!/^[\w.:-]{1,200}$/.test(key)) throw new ContractError(400, 'Upstash-Flow-Control-Key may hold letters, digits and . : - _ only');
  const parts = new Map((value ?? '').split(',').map((part) => part.split('=').map((side) => side.trim())).filter(([name]) => name).map(([name, text]) => [name!.toLowerCase(), text ?? '']));
  const unknown = [...parts.keys()].find((name) => !['parallelism', 'rate', 'period'].includes(name));
  if (unknown) throw new ContractError(400, `Upstash-Flow-Control-Value: "${unknown}" is not known`);
  const flow = { key, parallelism: readLimit(parts.get('parallelism'), 'parallelism'), rate: readLimit(parts.get('rate'), 'rate'), periodSeconds: readPeriod(parts.get('period')) };
  if (flow.parallelism === null && flow.rate === null) throw new ContractError(400, 'Upstash-Flow-Control-Value needs parallelism or rate');
  return flow;
}
