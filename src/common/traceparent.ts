/** A place in a trace, as the W3C recommendation "Trace Context" writes it: ids in lower-case hexadecimal. */
export interface TracePlace {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const PATTERN = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Reads a traceparent header of version 00; null for anything else and for the ids that stand for "none". */
export function parseTraceparent(text: string | null | undefined): TracePlace | null {
  const match = PATTERN.exec(text ?? '');
  if (!match || /^0+$/.test(match[1]!) || /^0+$/.test(match[2]!)) return null;
  return { traceId: match[1]!, spanId: match[2]!, sampled: (Number.parseInt(match[3]!, 16) & 1) === 1 };
}

export const formatTraceparent = ({ traceId, spanId, sampled }: TracePlace): string => `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
