import type { Failpoint } from './failpoints.js';
import type { OrderKind } from './fault-bench.js';

type Place = Omit<Failpoint, 'action'>;

/** Places in the life of an order and its job, by the statement that marks them. */
export const ENQUEUE_POINTS: Readonly<Record<string, Place>> = {
  'after the business row': { match: 'INSERT INTO placed_order', when: 'after' },
  'after the job row': { match: 'INSERT INTO background_job', when: 'after' },
  'before the commit': { match: 'COMMIT', seen: 'INSERT INTO background_job', when: 'before' },
  'after the commit': { match: 'COMMIT', seen: 'INSERT INTO background_job', when: 'after' },
  'after publishing': { match: 'SET published_at = now(), message_id', when: 'before' },
};

const LOCK = 'SELECT 1 FROM background_job WHERE workspace_id = $1 AND id = $2';
const END = "state = 'done', result";
const EFFECT = 'INSERT INTO ledger';

export const stepPoints = (step: number): Readonly<Record<string, Place>> => ({
  [`before step ${step}`]: { match: LOCK, when: 'before', nth: step },
  [`after the effect of step ${step}`]: { match: EFFECT, when: 'after', nth: step },
  [`before the commit of step ${step}`]: { match: 'COMMIT', seen: EFFECT, when: 'before', nth: step },
  [`after the commit of step ${step}`]: { match: 'COMMIT', seen: EFFECT, when: 'after', nth: step },
});

/** What takes a job: one statement where it has no keys, a look under lock and then another where it has. */
const claimOf = (kind: OrderKind): string => (kind === 'threeChunks' ? 'WITH lost AS' : "j.state IN ('queued', 'waiting')");

export const runPoints = (kind: OrderKind): Readonly<Record<string, Place>> => ({
  'after the signature': { match: claimOf(kind), when: 'before' },
  'before the claim is committed': { match: 'COMMIT', seen: claimOf(kind), when: 'before' },
  'after the claim': { match: 'COMMIT', seen: claimOf(kind), when: 'after' },
  ...stepPoints(1), ...stepPoints(2), ...stepPoints(3),
  // Where nothing is locked yet: chunks look under lock before they end, a workflow's end is one statement.
  'before the end': kind === 'threeChunks' ? { match: LOCK, when: 'before', nth: 4 } : { match: END, when: 'before' },
  'before the end is committed': { match: 'COMMIT', seen: END, when: 'before' },
  'after the end, before the answer': { match: 'COMMIT', seen: END, when: 'after' },
});
