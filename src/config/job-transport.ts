/** How wake-up calls of background jobs may travel. */
export const TRANSPORT_NAMES = ['qstash', 'bullmq', 'in-process'] as const;
export type TransportName = (typeof TRANSPORT_NAMES)[number];

/** The transport whose deliveries have effects, and in mirror mode a second one whose deliveries are only recorded. */
export interface TransportRoute {
  readonly primary: TransportName;
  readonly shadow: TransportName | null;
}

/** Which transport carries which kind of job. */
export interface TransportPlan {
  readonly fallback: TransportRoute;
  /** Routes of single kinds, by the name of the job's definition. */
  readonly byJob: ReadonlyMap<string, TransportRoute>;
}

const ITEM = /^(?:([A-Za-z0-9]+)=)?(?:([a-z-]+)|mirror:([a-z-]+)\+([a-z-]+))$/;
const isTransport = (name: string): name is TransportName => (TRANSPORT_NAMES as readonly string[]).includes(name);

interface Item {
  /** Null for the route of all jobs that are not named. */
  readonly job: string | null;
  readonly route: TransportRoute;
}

function readItem(text: string): Item | string {
  const match = ITEM.exec(text);
  if (!match) return `cannot read "${text}"; write a transport, job=transport or mirror:transport+transport`;
  const [, job = null, single, first, second] = match;
  const [primary, shadow] = [single ?? first!, second ?? null];
  for (const name of [primary, shadow]) if (name !== null && !isTransport(name)) return `names the transport "${name}"; there are ${TRANSPORT_NAMES.join(', ')}`;
  if (primary === shadow) return `mirrors "${primary}" with itself`;
  return { job, route: { primary, shadow } as TransportRoute };
}

/** Reads the value of JOB_TRANSPORT, like `qstash,sendMail=bullmq` or `mirror:qstash+bullmq`. Returns what is wrong with it instead, if anything. */
export function readTransportPlan(value: string): TransportPlan | string[] {
  const problems: string[] = [];
  const byJob = new Map<string, TransportRoute>();
  let fallback: TransportRoute | null = null;
  for (const text of value.split(',').map((part) => part.trim())) {
    const item = readItem(text);
    if (typeof item === 'string') problems.push(item);
    else if (item.job === null ? fallback !== null : byJob.has(item.job)) problems.push(`says twice how ${item.job ?? 'all jobs'} travel`);
    else if (item.job === null) fallback = item.route;
    else byJob.set(item.job, item.route);
  }
  return problems.length > 0 ? problems : { fallback: fallback ?? { primary: 'qstash', shadow: null }, byJob };
}

/** Every transport that the plan uses, also as a shadow. */
export function transportsOf({ fallback, byJob }: TransportPlan): ReadonlySet<TransportName> {
  return new Set([fallback, ...byJob.values()].flatMap(({ primary, shadow }) => (shadow === null ? [primary] : [primary, shadow])));
}

/** What keeps the plan from being carried out in these surroundings. */
export function planProblems(plan: TransportPlan, redisUrl: string | null, onFunctions: boolean): string[] {
  const used = transportsOf(plan);
  return [
    ...(used.has('bullmq') && redisUrl === null ? ['uses bullmq, which needs REDIS_URL'] : []),
    ...(used.has('in-process') && onFunctions ? ['uses in-process, which needs a process that stays; on functions it ends with the answer'] : []),
  ];
}
