import { DomainError } from '../../common/errors.js';

const STATUS = {
  /** The bytes are not those that were announced: another size, checksum or content type. */
  CONTENT_MISMATCH: 422,
  OBJECT_TOO_LARGE: 413,
  /** A signed upload has been used before. */
  ALREADY_UPLOADED: 409,
  OBJECT_MISSING: 404,
  STORAGE_UNAVAILABLE: 503,
  STORAGE_SETUP: 502,
} as const;

export type StorageErrorCode = keyof typeof STATUS;

/** Object storage did not do what it was asked. `retryable` where the same request may succeed later. */
export class StorageError extends DomainError {
  constructor(
    override readonly code: StorageErrorCode,
    message: string,
  ) {
    super(code, message, STATUS[code], STATUS[code] >= 500);
    this.name = 'StorageError';
  }
}
