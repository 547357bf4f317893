import pg from 'pg';

/** What happens at a failpoint: the process dies, stands still until it is woken, or loses its connection before or after the statement is sent. */
export type FaultAction = 'kill' | 'stop' | 'cut before' | 'cut after';

/** The statement at which it happens. `seen` must have gone over the same connection before it, since its last BEGIN. */
export interface Failpoint {
  readonly match: string;
  readonly seen?: string;
  readonly when: 'before' | 'after';
  /** The first occurrence is 1. */
  readonly nth?: number;
  readonly action: FaultAction;
}

type Query = (this: pg.Client, ...given: unknown[]) => unknown;

let armed: Failpoint | null = null;
let left = 0;
const history = new WeakMap<object, string>();

export function arm(point: Failpoint | null): void {
  armed = point;
  left = point?.nth ?? 1;
}

function isHit(client: object, text: string): boolean {
  const before = text.startsWith('BEGIN') ? '' : history.get(client) ?? '';
  history.set(client, `${before}\n${text}`);
  if (!armed || !text.includes(armed.match)) return false;
  if (armed.seen !== undefined && !before.includes(armed.seen)) return false;
  left -= 1;
  return left === 0;
}

/** Tells the parent first, so that it waits for a fact and not for a time. */
async function act(action: FaultAction, client: pg.Client): Promise<void> {
  armed = null;
  await new Promise<void>((done) => process.send!({ at: action }, () => done()));
  if (action === 'kill') process.kill(process.pid, 'SIGKILL');
  else if (action === 'stop') process.kill(process.pid, 'SIGSTOP');
  else (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

/** Makes every statement of this process pass by the armed failpoint; the code under test knows nothing of it. */
export function installFailpoints(): void {
  const original = pg.Client.prototype.query as unknown as Query;
  const patched: Query = function (...given) {
    const [first] = given;
    const text = typeof first === 'string' ? first : (first as { text?: string } | undefined)?.text ?? '';
    if (!isHit(this, text)) return original.apply(this, given);
    const { when, action } = armed!;
    if (action === 'cut after') {
      const sent = original.apply(this, given) as Promise<unknown>;
      return act(action, this).then(() => sent);
    }
    if (when === 'before') return act(action, this).then(() => original.apply(this, given));
    return (original.apply(this, given) as Promise<unknown>).then(async (result) => {
      await act(action, this);
      return result;
    });
  };
  (pg.Client.prototype as { query: unknown }).query = patched;
}
