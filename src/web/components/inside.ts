/**
 * The address to go to after the sign-in, where it is one of Perch: what a browser makes of it decides, because `//host`, `/\host`
 * and `/..//host` lead elsewhere too.
 */
export function inside(next: string | null, otherwise = '/jobs'): string {
  if (next === null || !next.startsWith('/') || !URL.canParse(next, globalThis.location.origin)) return otherwise;
  const { origin, pathname, search, hash } = new URL(next, globalThis.location.origin);
  return origin === globalThis.location.origin && !pathname.startsWith('//') ? pathname + search + hash : otherwise;
}
