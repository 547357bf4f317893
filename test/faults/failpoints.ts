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
/** Statements are sent without waiting for each other: those behind one that is held up wait for it here. */
const heldUp = new WeakMap<object, Promise<unknown>>();
const sent = new WeakMap<object, Promise<unknown>>();

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

function hit(client: pg.Client, { when, action }: Failpoint, send: () => unknown): Promise<unknown> {
  if (action === 'cut after') {
    const answer = send() as Promise<unknown>;
    return act(action, client).then(() => answer);
  }
  // What was sent before has had its effect by then.
  if (when === 'before') return Promise.resolve(sent.get(client)).catch(() => undefined).then(() => act(action, client)).then(send);
  return (send() as Promise<unknown>).then(async (result) => {
    await act(action, client);
    return result;
  });
}

/** Makes every statement of this process pass by the armed failpoint; the code under test knows nothing of it. */
export function installFailpoints(): void {
  const original = pg.Client.prototype.query as unknown as Query;
  const patched: Query = function (...given) {
    const [first] = given;
    const text = typeof first === 'string' ? first : (first as { text?: string } | undefined)?.text ?? '';
    const waiting = heldUp.get(this);
    const send = (): unknown => {
      const answer = waiting ? waiting.then(() => original.apply(this, given)) : original.apply(this, given);
      if (answer instanceof Promise) sent.set(this, answer);
      return answer;
    };
    if (!isHit(this, text)) return send();
    const reached = hit(this, armed!, send);
    heldUp.set(this, reached.catch(() => undefined));
    return reached;
  };
  (pg.Client.prototype as { query: unknown }).query = patched;
}
