import type { DoorRequest } from '../../protocols/http/door.js';
import { addressKey } from '../rate-limits/rate-limiter.service.js';

/** What is kept of the place of a sign-in, for people to recognise it: enough to tell a phone at home from a stranger, and no more. */
export interface SessionDevice {
  /** `Firefox on Windows`. */
  readonly device: string | null;
  /** The network of the address: `198.51.100.0/24`, `2001:db8:1:2::/64`. */
  readonly address: string | null;
}

type Known = readonly (readonly [RegExp, string])[];

/** The first that fits: most browsers also claim to be older ones. */
const BROWSERS: Known = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'], [/\bOPR\//, 'Opera'], [/\bSamsungBrowser\//, 'Samsung Internet'], [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome|Chromium)\//, 'Chrome'], [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
];
const SYSTEMS: Known = [
  [/\b(iPhone|iPad|iPod)\b/, 'iOS'], [/\bAndroid\b/, 'Android'], [/\bWindows\b/, 'Windows'], [/\bMac OS X\b/, 'macOS'], [/\bCrOS\b/, 'ChromeOS'], [/\bLinux\b/, 'Linux'],
];
const LONGEST = 60;

const find = (known: Known, text: string): string | undefined => known.find(([pattern]) => pattern.test(text))?.[1];

/** A User-Agent header in a few words; that of a program is its first word. */
export function deviceName(userAgent: string | undefined): string | null {
  const text = (userAgent ?? '').slice(0, 1_000);
  const [browser, system] = [find(BROWSERS, text), find(SYSTEMS, text)];
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`;
  const [program = ''] = text.replace(/[^\x20-\x7e]/g, '').trim().split(/[\s/;(]/);
  return program === '' ? null : program.slice(0, LONGEST);
}

/** The network that an address belongs to; null where it is none. */
export function networkOf(ip: string): string | null {
  const key = addressKey(ip);
  const four = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(key);
  if (four) return `${four[1]!}.0/24`;
  if (!/^[0-9a-f]{4}(:[0-9a-f]{4}){3}$/i.test(key)) return null;
  return `${key.split(':').map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Where a request comes from. */
export const deviceOf = ({ headers, ip }: Pick<DoorRequest, 'headers' | 'ip'>): SessionDevice => ({ device: deviceName(headers['user-agent']), address: networkOf(ip) });
