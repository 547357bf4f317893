/** Milliseconds that one check may take: whoever asks for the health waits for all of them. */
const LIMIT_MS = 5_000;

export interface Finding {
  readonly ok: boolean;
  readonly note?: string;
  readonly [fact: string]: string | number | boolean | null | undefined;
}

export interface Check extends Finding {
  readonly name: string;
  readonly milliseconds: number;
}

export const GOOD: Finding = { ok: true };

/** What the work finds, and how long it took. Whatever it throws is told to nobody but as a failure, for health is public. */
export async function measure(name: string, work: () => Promise<Finding>, limit = LIMIT_MS): Promise<Check> {
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((done) => {
    timer = setTimeout(() => done({ ok: false, note: `there was no answer within ${limit / 1_000} seconds` }), limit);
  });
  const finding = await Promise.race([work().catch((): Finding => ({ ok: false })), late]);
  clearTimeout(timer);
  return { name, milliseconds: Math.round(performance.now() - started), ...finding };
}

/** Asks again only after so many milliseconds; those who ask meanwhile share one answer. */
export class Remembered<T> {
  private known: { readonly at: number; readonly answer: Promise<T> } | null = null;

  constructor(
    private readonly milliseconds: number,
    private readonly ask: () => Promise<T>,
    private readonly now: () => number,
  ) {}

  get(): Promise<T> {
    const now = this.now();
    if (this.known === null || now - this.known.at >= this.milliseconds) this.known = { at: now, answer: this.ask() };
    return this.known.answer;
  }
}
