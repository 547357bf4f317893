import { createStackParser, createTransport, Scope, type BaseTransportOptions } from '@sentry/core';
import { nodeStackLineParser, ServerRuntimeClient } from '@sentry/core/server';
import { redact, redactText } from '../../common/redact.js';
import type { ErrorReport, ReportBackend } from './report-backend.js';

const SEND_LIMIT_MS = 5_000;

/** Sends one envelope; what the server says of its limits is heeded by the client. */
async function post({ url, headers }: BaseTransportOptions, body: string | Uint8Array): Promise<{ statusCode: number; headers: { 'x-sentry-rate-limits': string | null; 'retry-after': string | null } }> {
  const answer = await fetch(url, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body), headers: { ...headers, 'content-type': 'application/x-sentry-envelope' }, signal: AbortSignal.timeout(SEND_LIMIT_MS) });
  await answer.body?.cancel();
  return { statusCode: answer.status, headers: { 'x-sentry-rate-limits': answer.headers.get('x-sentry-rate-limits'), 'retry-after': answer.headers.get('retry-after') } };
}

/** A copy of the error without secrets in its text; what it holds beside the text is left out. */
function withoutSecrets(error: unknown): unknown {
  if (!(error instanceof Error)) return redactText(String(error));
  const copy = new Error(redactText(error.message));
  copy.name = error.name;
  if (error.stack !== undefined) copy.stack = redactText(error.stack);
  return copy;
}

/** Reports to the project of this address. Nothing is gathered by itself: no requests, no addresses, no variables. */
export function startSentry(dsn: string, environment: string): ReportBackend {
  const client = new ServerRuntimeClient({
    dsn, environment, integrations: [], sendDefaultPii: false, runtime: { name: 'node', version: process.version }, platform: 'node',
    stackParser: createStackParser(nodeStackLineParser()),
    transport: (options) => createTransport(options, ({ body }) => post(options, body)),
  });
  client.init();
  return {
    send: ({ message, error, fields }: ErrorReport) => {
      const scope = new Scope();
      scope.setExtras({ ...(redact(fields) as Record<string, unknown>), message: redactText(message) });
      client.captureException(withoutSecrets(error), {}, scope);
    },
    flush: async (limit) => client.flush(limit),
  };
}
