import { ContractError } from './contract-error.js';

const SETTINGS = ['method', 'timeout', 'retries', 'retry-delay', 'label', 'flow-control-key', 'flow-control-value', 'redact-fields'];

/** What was said about a callback, as the end of the header's name. Throws 400 for a delay, which callbacks cannot have. */
export function readCallbackSettings(headers: ReadonlyMap<string, string>, prefix: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of headers) {
    if (!name.startsWith(prefix)) continue;
    const end = name.slice(prefix.length);
    if (end === 'delay' || end === 'not-before') throw new ContractError(400, `a callback cannot have ${end}`);
    found[end] = value;
  }
  return found;
}

/** The headers with which the callback would have been published by hand. A name that is no setting is forwarded. */
export function callbackPublishHeaders(settings: Readonly<Record<string, string>>, retries: number): Map<string, string> {
  const headers = new Map<string, string>([['content-type', 'application/json'], ['upstash-retries', String(retries)]]);
  for (const [end, value] of Object.entries(settings)) {
    headers.set(SETTINGS.includes(end) || end.startsWith('forward-') ? `upstash-${end}` : `upstash-forward-${end}`, value);
  }
  return headers;
}
