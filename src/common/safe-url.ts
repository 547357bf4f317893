const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\])$/;

/** Whether what is sent to the address cannot be read on the way: https, or this very machine. */
export function isSafeUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}
