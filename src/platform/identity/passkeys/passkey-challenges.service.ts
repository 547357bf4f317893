import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../../common/clock.js';
import { DomainError } from '../../../common/errors.js';
import { SecretBox } from '../../../common/secret-box.js';
import { newSecret } from '../../../common/secrets.js';
import { SpentValues } from '../spent-values.service.js';

export const CHALLENGE_SECONDS = 300;
const PLACE = { workspaceId: null, field: 'passkey.challenge' };
const ATTEMPT = z.object({ challenge: z.string(), userId: z.string().nullable(), until: z.number() });

const ended = (): DomainError => new DomainError('PASSKEY_EXPIRED', 'This took too long or was used already. Begin again.', 401);

export interface Challenge {
  readonly challenge: string;
  /** The sealed challenge, which the browser brings back. */
  readonly attempt: string;
}

/** Challenges that are good for five minutes and one answer. */
@Injectable()
export class PasskeyChallenges {
  constructor(
    @Inject(SecretBox) private readonly box: SecretBox,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(SpentValues) private readonly spent: SpentValues,
  ) {}

  /** A challenge for somebody who adds a passkey, or, for null, for whoever signs in. */
  make(userId: string | null): Challenge {
    const challenge = newSecret();
    const until = this.clock.now().getTime() + CHALLENGE_SECONDS * 1_000;
    return { challenge, attempt: this.box.seal(JSON.stringify({ challenge, userId, until }), PLACE) };
  }

  /** Uses the challenge up. Throws PASSKEY_EXPIRED where it is not one of this person's, or was used. */
  async take(attempt: string, userId: string | null): Promise<string> {
    const parsed = ATTEMPT.safeParse(this.open(attempt));
    if (!parsed.success || parsed.data.userId !== userId || parsed.data.until < this.clock.now().getTime()) throw ended();
    if (!(await this.spent.spend('passkey', parsed.data.challenge, CHALLENGE_SECONDS))) throw ended();
    return parsed.data.challenge;
  }

  private open(attempt: string): unknown {
    try {
      return JSON.parse(this.box.open(attempt, PLACE));
    } catch {
      return null;
    }
  }
}
