const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\])$/;

/** Whether the address is of this very machine. */
export const isLoopbackUrl = (value: string): boolean => URL.canParse(value) && LOOPBACK.test(new URL(value).hostname);

/** Whether what is sent to the address cannot be read on the way: https, or this very machine. */
export function isSafeUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackUrl(value));
}
