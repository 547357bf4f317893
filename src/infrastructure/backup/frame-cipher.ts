import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { sha256 } from '../../common/secrets.js';

export const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';

export interface BackupKey {
  /** Eight bytes that tell keys apart and tell nothing of the key. */
  readonly id: Buffer;
  readonly bytes: Buffer;
}

export const backupKey = (bytes: Buffer): BackupKey => ({ id: sha256(Buffer.concat([Buffer.from('perch backup key id\n'), bytes])).subarray(0, 8), bytes });

/** Closes and opens the frames of one stream; `open` returns null where the frame is not the one that was closed under this nonce. */
export interface FrameCipher {
  close(plain: Buffer, nonce: Buffer): { readonly content: Buffer; readonly tag: Buffer };
  open(content: Buffer, tag: Buffer, nonce: Buffer): Buffer | null;
}

/** AES-256-GCM under a key for this stream and purpose alone, so that nonces need only differ within the stream. */
export function sealingCipher(key: BackupKey, salt: Buffer, purpose: string): FrameCipher {
  const streamKey = Buffer.from(hkdfSync('sha256', key.bytes, salt, `perch backup 1\n${purpose}`, 32));
  return {
    close: (plain, nonce) => {
      const cipher = createCipheriv(ALGORITHM, streamKey, nonce, { authTagLength: TAG_BYTES });
      const content = Buffer.concat([cipher.update(plain), cipher.final()]);
      return { content, tag: cipher.getAuthTag() };
    },
    open: (content, tag, nonce) => {
      const decipher = createDecipheriv(ALGORITHM, streamKey, nonce, { authTagLength: TAG_BYTES });
      decipher.setAuthTag(tag);
      try {
        return Buffer.concat([decipher.update(content), decipher.final()]);
      } catch {
        return null;
      }
    },
  };
}

/** Checksums in place of tags: finds accidents, and neither hides anything nor stops anybody. */
export function openCipher(salt: Buffer, purpose: string): FrameCipher {
  const tagOf = (content: Buffer, nonce: Buffer): Buffer => sha256(Buffer.concat([salt, Buffer.from(purpose), nonce, content])).subarray(0, TAG_BYTES);
  return {
    close: (plain, nonce) => ({ content: plain, tag: tagOf(plain, nonce) }),
    open: (content, tag, nonce) => (tagOf(content, nonce).equals(tag) ? content : null),
  };
}
