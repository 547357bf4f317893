import { messageOf } from '../../common/errors.js';

export type Level = 'ok' | 'warning' | 'problem';

/** What was seen in one place of an environment, and what to do where it is not as it should be. */
export interface Finding {
  readonly level: Level;
  /** What was looked at: a variable, or a service. */
  readonly about: string;
  readonly text: string;
  /** Null where nothing has to be done. */
  readonly action: string | null;
}

export const ok = (about: string, text: string): Finding => ({ level: 'ok', about, text, action: null });
export const warning = (about: string, text: string, action: string): Finding => ({ level: 'warning', about, text, action });
export const problem = (about: string, text: string, action: string): Finding => ({ level: 'problem', about, text, action });

const firstLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 300);

/** What the check finds; one that throws, or takes longer than it may, is a problem with the given advice. */
export async function checked(about: string, action: string, limit: number, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => (timer = setTimeout(() => fail(new Error(`no answer within ${limit / 1_000} seconds`)), limit)));
  try {
    return await Promise.race([look(), late]);
  } catch (error) {
    const { errors } = error as AggregateError;
    return [problem(about, firstLine(messageOf(Array.isArray(errors) ? errors[0] : error)), action)];
  } finally {
    clearTimeout(timer);
  }
}
