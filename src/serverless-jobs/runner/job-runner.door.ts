import { Inject, Injectable } from '@nestjs/common';
import { DomainError, invalidInput } from '../../common/errors.js';
import { HttpDoor, jsonResponse, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { Transport } from '../transports/transport.js';
import { readWakeUp } from './wake-up-message.js';
import { WakeUpRunner, type WakeUpOutcome } from './wake-up-runner.js';

const BODY_LIMIT = 65_536;

/** The transport's contract: 2xx ends the message, 489 ends it as failed, anything else is delivered again. */
function answer(outcome: WakeUpOutcome): DoorResponse {
  switch (outcome.kind) {
    case 'wait':
      return jsonResponse(503, outcome, { 'retry-after': String(outcome.seconds) });
    case 'dead':
      return jsonResponse(489, outcome, { 'upstash-nonretryable-error': 'true' });
    default:
      return jsonResponse(200, outcome);
  }
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw invalidInput('The message is not JSON.');
  }
}

/** POST /api/job-runner: a signed wake-up call. Anything without a right signature over these bytes is refused. */
@Injectable()
@HttpDoor('job-runner')
export class JobRunnerDoor implements Door {
  constructor(
    @Inject(WakeUpRunner) private readonly runner: WakeUpRunner,
    @Inject(Transport) private readonly transport: Transport,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    if (request.method !== 'POST') throw new DomainError('METHOD_NOT_ALLOWED', 'Use POST.', 405);
    const body = await request.body(BODY_LIMIT);
    const signature = request.headers['upstash-signature'];
    const genuine = await this.transport.verify({ body, signature: typeof signature === 'string' ? signature : undefined, path: '/api/job-runner' });
    if (!genuine) throw new DomainError('BAD_SIGNATURE', 'The delivery carries no valid signature.', 401);
    const messageId = request.headers['upstash-message-id'];
    const outcome = await this.runner.receive(readWakeUp(readJson(body)), {
      transport: 'qstash', messageId: typeof messageId === 'string' ? messageId : null, sideDrain: true,
    });
    return answer(outcome);
  }
}
