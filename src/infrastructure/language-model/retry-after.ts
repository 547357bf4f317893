const MAX_MS = 86_400_000;

/** The body of a 429 may name the delay where there is no header, as `"retryDelay": "17s"`. */
const IN_BODY = /"retryDelay"\s*:\s*"(\d{1,6}(?:\.\d{1,9})?)s"/;

function milliseconds(headers: Readonly<Record<string, string>>, body: string, now: number): number {
  const exact = headers['retry-after-ms'];
  if (exact !== undefined) return Number(exact);
  const header = headers['retry-after'];
  if (header === undefined) return Number(IN_BODY.exec(body)?.[1] ?? NaN) * 1_000;
  return /^\s*[\d.]+\s*$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
}

/**
 * Milliseconds that an answer asks to wait: seconds or a date in Retry-After, milliseconds in Retry-After-Ms, or a delay in the
 * body. At most a day; null where it does not say or cannot be read. `now` is in milliseconds since 1970.
 */
export function retryAfter(headers: Readonly<Record<string, string>>, body: string, now: number): number | null {
  const delay = milliseconds(headers, body, now);
  return Number.isFinite(delay) ? Math.ceil(Math.min(MAX_MS, Math.max(0, delay))) : null;
}
