import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError, invalidInput } from '../../common/errors.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import type { Environment } from '../../config/environment.js';
import { HttpDoor, jsonResponse, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { Transport } from '../transports/transport.js';
import { JobDrainer } from './job-drainer.js';
import { JobRunnerService, type JobOutcome } from './job-runner.service.js';

const BODY_LIMIT = 65_536;
const MESSAGE = z.union([z.object({ workspaceId: z.uuid(), jobId: z.uuid(), wake: z.number().int() }), z.object({ drain: z.literal(true) })]);
/** After its own job an invocation takes up what has waited this long, for at most so many milliseconds. */
const OVERDUE_MS = 1_000;
const SIDE_DRAIN_MS = 10_000;

/** The transport's contract: 2xx ends the message, 489 ends it as failed, anything else is delivered again. */
function answer(outcome: JobOutcome): DoorResponse {
  switch (outcome.kind) {
    case 'wait':
      return jsonResponse(503, outcome, { 'retry-after': String(outcome.seconds) });
    case 'dead':
      return jsonResponse(489, outcome, { 'upstash-nonretryable-error': 'true' });
    default:
      return jsonResponse(200, outcome);
  }
}

/** POST /api/job-runner: a signed wake-up call. Anything without a right signature over these bytes is refused. */
@Injectable()
@HttpDoor('job-runner')
export class JobRunnerDoor implements Door {
  constructor(
    @Inject(JobRunnerService) private readonly runner: JobRunnerService,
    @Inject(JobDrainer) private readonly drainer: JobDrainer,
    @Inject(Transport) private readonly transport: Transport,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    if (request.method !== 'POST') throw new DomainError('METHOD_NOT_ALLOWED', 'Use POST.', 405);
    const body = await request.body(BODY_LIMIT);
    const signature = request.headers['upstash-signature'];
    const genuine = await this.transport.verify({ body, signature: typeof signature === 'string' ? signature : undefined, path: '/api/job-runner' });
    if (!genuine) throw new DomainError('BAD_SIGNATURE', 'The delivery carries no valid signature.', 401);
    let message: z.infer<typeof MESSAGE>;
    try {
      message = MESSAGE.parse(JSON.parse(body.toString('utf8')));
    } catch {
      throw invalidInput('The message is not a wake-up call of a background job.');
    }
    const until = performance.now() + this.environment.jobBudget;
    if ('drain' in message) return jsonResponse(200, { kind: 'drained', jobs: await this.drainer.drain(until) });
    const messageId = request.headers['upstash-message-id'];
    const outcome = await this.runner.run({ ...message, messageId: typeof messageId === 'string' ? messageId : null }, until);
    if (outcome.kind !== 'wait') await this.drainer.drain(Math.min(until, performance.now() + SIDE_DRAIN_MS), OVERDUE_MS);
    return answer(outcome);
  }
}
