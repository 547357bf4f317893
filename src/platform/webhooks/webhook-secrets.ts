import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { SecretBox, type SealPlace } from '../../common/secret-box.js';
import { sealedColumn } from '../sealed-secrets/sealed-column.js';

/** How long messages are signed with the secret before as well, after a rotation. */
const ROTATION_WINDOW_MS = 86_400_000;
const FIELD = 'webhook.secret';
// Both are sealed for the same place, so that a rotation moves the text from one to the other as it is.
sealedColumn({ table: 'webhook', column: 'secret', field: FIELD, owner: 'workspace' });
sealedColumn({ table: 'webhook', column: 'previous_secret', field: FIELD, owner: 'workspace' });

export interface SealedSecrets {
  readonly workspaceId: string;
  readonly secret: string;
  readonly previousSecret: string | null;
  readonly previousSecretUntil: Date | null;
}

/** Keeps the secrets that messages are signed with. */
@Injectable()
export class WebhookSecrets {
  constructor(
    @Inject(SecretBox) private readonly box: SecretBox,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Until when a secret that is replaced now goes on signing. */
  replacedUntil(): Date {
    return new Date(this.clock.now().getTime() + ROTATION_WINDOW_MS);
  }

  seal(workspaceId: string, secret: string): string {
    return this.box.seal(secret, this.place(workspaceId));
  }

  /** The secrets that hold at the time, the current one first. Throws SECRET_UNREADABLE. */
  open({ workspaceId, secret, previousSecret, previousSecretUntil }: SealedSecrets, at: Date): string[] {
    const sealed = previousSecret !== null && previousSecretUntil !== null && previousSecretUntil > at ? [secret, previousSecret] : [secret];
    return sealed.map((text) => this.box.open(text, this.place(workspaceId)));
  }

  private place(workspaceId: string): SealPlace {
    return { workspaceId, field: FIELD };
  }
}
