import { ContractError } from './contract-error.js';

/** A filter's condition on message m (and event e); $ stands for the parameter, an array of texts. */
type Condition = string;

const time = (column: string, sign: string): Condition => `${column} ${sign} to_timestamp(($::text[])[1]::float8 / 1000)`;
const isAnyOf = (expression: string): Condition => `${expression} = ANY ($::text[])`;

const SHARED: Readonly<Record<string, Condition>> = {
  url: isAnyOf('m.url'), topicName: isAnyOf('m.topic_name'), urlGroup: isAnyOf('m.topic_name'), queueName: isAnyOf('m.queue_name'), scheduleId: isAnyOf('m.schedule_id'),
  callerIp: isAnyOf('m.caller_ip'), label: 'm.labels && $::text[]', flowControlKey: isAnyOf('m.flow_key'), api: isAnyOf(`m.settings ->> 'api'`),
  host: isAnyOf(`substring(m.url FROM '^[^:]+://([^/?#]+)')`), path: isAnyOf(`coalesce(nullif(substring(m.url FROM '^[^:]+://[^/?#]+([^?#]*)'), ''), '/')`),
};

/** Filters of DELETE /v2/messages. */
export const MESSAGE_FILTERS: Readonly<Record<string, Condition>> = {
  ...SHARED, messageIds: isAnyOf('m.id'), fromDate: time('m.created_at', '>='), toDate: time('m.created_at', '<='),
};

/** Filters of the dead letters. */
export const DEAD_LETTER_FILTERS: Readonly<Record<string, Condition>> = {
  ...SHARED, messageId: isAnyOf('m.id'), messageIds: isAnyOf('m.id'), dlqIds: isAnyOf('m.dlq_id'), responseStatus: 'coalesce(m.response_status, 0) = ANY ($::int[])',
  fromDate: time('m.finished_at', '>='), toDate: time('m.finished_at', '<='), source: `'workflow' <> ALL ($::text[])`,
};

/** Filters of events. IN_PROGRESS is no state of an event: it means those of messages that have not ended. */
export const EVENT_FILTERS: Readonly<Record<string, Condition>> = {
  ...SHARED, messageId: isAnyOf('m.id'), messageIds: isAnyOf('m.id'), state: `(e.state = ANY ($::text[]) OR ('IN_PROGRESS' = ANY ($::text[]) AND m.state = 'waiting'))`,
  fromDate: time('e.at', '>='), toDate: time('e.at', '<='), source: `'workflow' <> ALL ($::text[])`,
};

const NUMBERS = ['fromDate', 'toDate', 'responseStatus'];
const LISTS = ['messageIds', 'dlqIds'];

/** What a call selects by; from its query and, as clients in the wild send it, from a JSON body. */
export interface Filter {
  /** Conditions joined by AND; TRUE where nothing was said. */
  readonly where: string;
  readonly values: readonly (readonly string[])[];
  readonly cursor: string | null;
  readonly count: number | null;
}

function bodyEntries(body: Buffer): [string, string[]][] {
  if (body.length === 0) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw new ContractError(400, 'the body is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new ContractError(400, 'the body must be a JSON object of filters');
  return Object.entries(parsed).map(([name, value]) => [name, (Array.isArray(value) ? value : [value]).map(String)]);
}

function readCount(text: string | undefined): number | null {
  if (text === undefined) return null;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new ContractError(400, 'count must be a whole number from 1');
  return count;
}

function checkValues(name: string, values: readonly string[]): void {
  if (values.length > 10_000) throw new ContractError(400, `${name} has too many values`);
  if (NUMBERS.includes(name) && !values.every((value) => /^\d{1,15}(\.\d+)?$/.test(value))) throw new ContractError(400, `${name} must be a number`);
}

/**
 * Reads the filters of a call. A filter that is not known, or an empty list of ids, is refused: ignoring it would reach more
 * than was meant. `first` is the number of the first parameter. Throws 400.
 */
export function readFilter(query: URLSearchParams, body: Buffer, known: Readonly<Record<string, Condition>>, first = 1): Filter {
  const said = new Map<string, string[]>();
  const entries: [string, string[]][] = [...[...new Set(query.keys())].map((name): [string, string[]] => [name, query.getAll(name)]), ...bodyEntries(body)];
  for (const [name, values] of entries) {
    const listed = LISTS.includes(name) ? values.flatMap((value) => value.split(',')).filter((value) => value !== '') : values;
    said.set(name, [...(said.get(name) ?? []), ...listed]);
  }
  const take = (name: string): string | undefined => {
    const value = said.get(name)?.[0];
    said.delete(name);
    return value;
  };
  take('qstash_token');
  const cursor = take('cursor') || null;
  const count = readCount(take('count'));
  const conditions: string[] = [];
  const values: string[][] = [];
  for (const [name, wanted] of said) {
    if (!Object.hasOwn(known, name)) throw new ContractError(400, `the filter "${name.slice(0, 100)}" is not known`);
    checkValues(name, wanted);
    conditions.push(known[name]!.replaceAll('$', `$${first + values.length}`));
    values.push(wanted);
  }
  return { where: conditions.length === 0 ? 'TRUE' : conditions.join(' AND '), values, cursor, count };
}

/** The sequence number in a cursor of a list. Throws 400. */
export function cursorNumber(cursor: string | null): string | null {
  if (cursor === null) return null;
  if (!/^\d{1,18}(-\d+)?$/.test(cursor)) throw new ContractError(400, 'the cursor is not one of this list');
  return cursor.split('-')[0]!;
}
