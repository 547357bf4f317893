import { timingSafeEqual } from 'node:crypto';

/** What QStash says of a token and the keys that belong to its account. */
export type QStashAnswer = 'right' | 'token refused' | 'other current key' | 'other next key';

const DEFAULT_URL = 'https://qstash.upstash.io';

const same = (one: string, other: string): boolean => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

interface Account {
  readonly url: string | null;
  readonly token: string;
  readonly current: string;
  readonly next: string;
}

/** Asks QStash which keys sign its deliveries and compares them with those that are set. Throws where it cannot be asked. */
export async function probeQStash({ url, token, current, next }: Account, signal: AbortSignal): Promise<QStashAnswer> {
  const answer = await fetch(`${(url ?? DEFAULT_URL).replace(/\/$/, '')}/v2/keys`, { headers: { authorization: `Bearer ${token}` }, redirect: 'error', signal });
  if (answer.status === 401 || answer.status === 403) return 'token refused';
  if (!answer.ok) throw new Error(`QStash answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
  const keys = (await answer.json()) as { readonly current?: unknown; readonly next?: unknown };
  if (!same(String(keys.current), current)) return 'other current key';
  return same(String(keys.next), next) ? 'right' : 'other next key';
}
