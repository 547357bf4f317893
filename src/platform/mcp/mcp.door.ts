import { Inject, Injectable } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { McpHttpHandler } from '@modelcontextprotocol/server';
import { DomainError } from '../../common/errors.js';
import type { RequestContext } from '../../common/request-context.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { HttpDoor, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { problemResponse } from '../../protocols/http/problem.js';
import { CallSupport } from '../call-support/call-support.service.js';
import { McpServerFactory } from './mcp-server.factory.js';

const BODY_LIMIT_BYTES = 1_048_576;
const CALLS = { name: 'mcp', points: 600, seconds: 60 };
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/**
 * POST /api/mcp: the Model Context Protocol over streamable HTTP, without sessions: the revision of 2026-07-28 and those before it.
 * Callers send an API key or a session's token as a bearer; a browser's cookie is worth nothing here.
 */
@Injectable()
@HttpDoor('mcp')
export class McpDoor implements Door {
  private readonly caller = new AsyncLocalStorage<RequestContext>();
  private handler: Promise<McpHttpHandler> | null = null;

  constructor(
    @Inject(McpServerFactory) private readonly servers: McpServerFactory,
    @Inject(CallSupport) private readonly calls: CallSupport,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    this.refuseForeign(request);
    if (request.method !== 'POST') throw new DomainError('METHOD_NOT_ALLOWED', 'Use POST.', 405);
    if (!/^Bearer\s/i.test(request.headers.authorization ?? '')) return this.unauthenticated(request, 'Send an API key: "Authorization: Bearer perch_…".');
    const body = await request.body(BODY_LIMIT_BYTES);
    const asked = new Request(request.url, { method: 'POST', headers: request.headers as Record<string, string>, body: new Uint8Array(body) });
    this.handler ??= this.open();
    const handler = await this.handler;
    try {
      return await this.calls.asCounted(request, CALLS, async (context) => {
        const answer = await this.caller.run(context, () => handler.fetch(asked));
        const { 'content-type': type = 'application/json', ...rest } = Object.fromEntries(answer.headers);
        return { status: answer.status, headers: { ...rest, 'content-type': type, 'cache-control': 'no-store' }, body: Buffer.from(await answer.arrayBuffer()) };
      });
    } catch (error) {
      if (error instanceof DomainError && error.status === 401) return this.unauthenticated(request, error.publicMessage);
      throw error;
    }
  }

  /** Answers are whole: a function has no time to keep a subscription open. */
  private async open(): Promise<McpHttpHandler> {
    const { createMcpHandler } = await import('@modelcontextprotocol/server');
    const make = () => {
      const context = this.caller.getStore()!;
      return this.servers.create(context, (work) => work(context));
    };
    return createMcpHandler(make, { responseMode: 'json', maxRequestBodySize: BODY_LIMIT_BYTES, onerror: (error) => this.logger.warn('an MCP request failed', { error: error.message }) });
  }

  private unauthenticated({ requestId }: DoorRequest, message: string): DoorResponse {
    const { headers, ...answer } = problemResponse(new DomainError('UNAUTHENTICATED', message, 401), requestId);
    return { ...answer, headers: { ...headers, 'www-authenticate': 'Bearer realm="perch"' } };
  }

  /** A page of another site may have turned its own name into the address of this machine; its requests still carry that name. */
  private refuseForeign({ headers: { host = '', origin } }: DoorRequest): void {
    const { publicUrl, onFunctions } = this.environment;
    const own = publicUrl === null ? null : new URL(publicUrl).host;
    const isOwn = (name: string): boolean => name === own || (onFunctions ? name === host : LOOPBACK.test(name));
    if (!isOwn(host)) throw new DomainError('FOREIGN_HOST', 'This server is called by another name (PERCH_PUBLIC_URL).', 403);
    if (origin !== undefined && !(URL.canParse(origin) && isOwn(new URL(origin).host))) throw new DomainError('FOREIGN_ORIGIN', 'This request came from another site.', 403);
  }
}
