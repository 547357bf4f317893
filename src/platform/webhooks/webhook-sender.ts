import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { OutboundError } from '../../infrastructure/outbound-http/outbound-error.js';
import { OutboundHttp } from '../../infrastructure/outbound-http/outbound-http.js';
import { outcomeOfAnswer, outcomeOfError, type DeliveryOutcome } from './delivery-outcome.js';
import { WebhookSecrets, type SealedSecrets } from './webhook-secrets.js';
import { signedHeaders } from './webhook-signature.js';

export interface Message {
  readonly eventId: string;
  readonly body: string;
}

export interface Endpoint extends SealedSecrets {
  readonly url: string;
}

export interface SentMessage extends DeliveryOutcome {
  readonly at: Date;
  readonly durationMs: number;
}

/** Sends messages to addresses that members of a workspace chose. */
@Injectable()
export class WebhookSender {
  constructor(
    @Inject(OutboundHttp) private readonly http: OutboundHttp,
    @Inject(WebhookSecrets) private readonly secrets: WebhookSecrets,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The address as it will be sent to. Throws OutboundError for one that no request goes to: not public, or not https, and not allowed by the operator. */
  check(text: string): string {
    const url = this.http.check(text);
    if (url.protocol !== 'https:' && !this.http.isAllowed(url)) throw new OutboundError('TARGET_REFUSED', 'The address must begin with https://.');
    return url.href;
  }

  /** Sends the message once; a failure is an outcome. Throws SECRET_UNREADABLE. */
  async send(endpoint: Endpoint, { eventId, body }: Message): Promise<SentMessage> {
    const at = this.clock.now();
    const headers = {
      ...signedHeaders(eventId, at, body, this.secrets.open(endpoint, at)),
      'content-type': 'application/cloudevents+json; charset=utf-8', 'user-agent': 'Perch-Webhooks/1',
    };
    const begun = performance.now();
    const outcome = await this.post(endpoint.url, headers, body);
    return { ...outcome, at, durationMs: Math.round(performance.now() - begun) };
  }

  private async post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<DeliveryOutcome> {
    try {
      return outcomeOfAnswer(await this.http.post({ url: this.check(url), headers, body }), this.clock.now());
    } catch (error) {
      if (error instanceof OutboundError) return outcomeOfError(error);
      throw error;
    }
  }
}
