import { Inject, Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../common/errors.js';
import { HttpDoor, jsonResponse, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { problemResponse } from '../../protocols/http/problem.js';
import { openApiDocument } from '../../protocols/rest/open-api.js';
import type { Found } from '../../protocols/rest/operation-list.js';
import { answerHeaders } from '../../protocols/rest/rest-answer.js';
import { CallSupport } from '../call-support/call-support.service.js';
import type { RateUse } from '../rate-limits/rate-limiter.service.js';
import { OperationCalls } from './operation-calls.service.js';
import { OperationRegistry } from './operation-registry.js';

const CALLS = { name: 'rest', points: 600, seconds: 60 };
const DOCUMENT = '/openapi.json';

/** The headers of the IETF draft httpapi-ratelimit-headers. */
const rateHeaders = ({ remaining, reset }: RateUse): Record<string, string> => ({
  'ratelimit-policy': `"${CALLS.name}";q=${CALLS.points};w=${CALLS.seconds}`, 'ratelimit': `"${CALLS.name}";r=${remaining};t=${reset}`,
});

/** The path below /api/v1, which a rewrite may have moved into the query. */
function pathOf({ url }: DoorRequest): string {
  const route = /^\/api\/v1(?:\/(.*?))?\/?$/.exec(url.pathname)?.[1] ?? url.searchParams.get('route') ?? '';
  return `/${route.replace(/^\/+|\/+$/g, '')}`;
}

/** /api/v1: the operations that features declare, for programs with an API key and for sessions; openapi.json describes them to everybody. */
@Injectable()
@HttpDoor('rest')
export class RestDoor implements Door {
  private document: string | null = null;

  constructor(
    @Inject(OperationRegistry) private readonly registry: OperationRegistry,
    @Inject(OperationCalls) private readonly operations: OperationCalls,
    @Inject(CallSupport) private readonly calls: CallSupport,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    const path = pathOf(request);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    if (path === DOCUMENT && method === 'GET') return this.describe();
    const found = this.registry.list.find(method, path);
    if (found) return this.answer(request, found, path);
    const methods = path === DOCUMENT ? ['GET'] : this.registry.list.methods(path);
    if (methods.length === 0) throw notFound('The address');
    const { headers, ...refused } = problemResponse(new DomainError('METHOD_NOT_ALLOWED', `Use ${methods.join(' or ')}.`, 405), request.requestId);
    return { ...refused, headers: { ...headers, allow: methods.join(', ') } };
  }

  private async answer(request: DoorRequest, found: Found, path: string): Promise<DoorResponse> {
    const { operation } = found;
    let used: RateUse | null = null;
    try {
      return await this.calls.asCounted(request, CALLS, async (context, use) => {
        used = use;
        const answer = await this.operations.call(context, found, request);
        return jsonResponse(operation.status ?? 200, answer, { ...rateHeaders(use), ...answerHeaders(operation, answer, request.url, path) });
      });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const { headers, ...refused } = problemResponse(error, request.requestId);
      const exhausted = error.status === 429 ? { remaining: 0, reset: Number(error.details['retryAfter'] ?? CALLS.seconds) } : null;
      const use = exhausted ?? (used as RateUse | null);
      return { ...refused, headers: { ...headers, ...(use ? rateHeaders(use) : {}) } };
    }
  }

  private describe(): DoorResponse {
    this.document ??= JSON.stringify(openApiDocument(this.registry.list));
    return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'public, max-age=300' }, body: this.document };
  }
}
