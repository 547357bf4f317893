import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { DomainError } from './errors.js';
import { sha256 } from './secrets.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = /^v1\.([0-9a-f]{16})\.([\w-]+)$/;

/** Where a secret belongs; one that was sealed for another place does not open. */
export interface SealPlace {
  /** Null for what belongs to a person, not to a workspace. */
  readonly workspaceId: string | null;
  /** Table and column, like `webhook.secret`. */
  readonly field: string;
}

interface SealingKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** An id tells keys apart and tells nothing of the key. */
const keyOf = (bytes: Buffer): SealingKey => ({ id: sha256(Buffer.concat([Buffer.from('perch sealing key id\n'), bytes])).toString('hex').slice(0, 16), bytes });

const boundData = ({ workspaceId, field }: SealPlace): Buffer => Buffer.from(JSON.stringify([workspaceId, field]));

const unreadable = (message: string): DomainError => new DomainError('SECRET_UNREADABLE', message, 500);

/** The key that stands in where none was set: as strong as the secret, and of no use for anything else that is made from it. */
export const derivedSealingKey = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'perch sealing key 1', 32));

/**
 * Seals secrets that have to be read again, with AES-256-GCM (NIST SP 800-38D) under a random nonce of 96 bits. The sealed
 * text is `v1.<id of the key>.<base64url of nonce, content and tag>`.
 */
export class SecretBox {
  private readonly keys: readonly SealingKey[];

  /** The first key seals, all of them open. */
  constructor(keys: readonly Buffer[]) {
    this.keys = keys.map(keyOf);
  }

  /** How whatever is sealed now begins. */
  get currentPrefix(): string {
    return `v1.${this.current.id}.`;
  }

  private get current(): SealingKey {
    const [key] = this.keys;
    if (!key) throw new Error('PERCH_SECRET or PERCH_SEALING_KEY is missing.');
    return key;
  }

  seal(secret: string, place: SealPlace): string {
    const { id, bytes } = this.current;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, bytes, nonce, { authTagLength: TAG_BYTES }).setAAD(boundData(place));
    const content = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${id}.${content.toString('base64url')}`;
  }

  /** The secret. Throws SECRET_UNREADABLE where the key is missing, the text was changed, or it belongs to another place. */
  open(sealed: string, place: SealPlace): string {
    const [, id, text] = FORMAT.exec(sealed) ?? [];
    if (id === undefined || text === undefined) throw unreadable('A stored secret is not in a known form.');
    const key = this.keys.find((each) => each.id === id);
    if (!key) throw unreadable(`A stored secret was sealed with the key ${id}, which PERCH_SEALING_KEY no longer holds. Add it again behind the newer one.`);
    const content = Buffer.from(text, 'base64url');
    if (content.length < NONCE_BYTES + TAG_BYTES) throw unreadable('A stored secret is not complete.');
    const decipher = createDecipheriv(ALGORITHM, key.bytes, content.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(boundData(place)).setAuthTag(content.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(content.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      throw unreadable('A stored secret was changed, or belongs to another place.');
    }
  }
}
