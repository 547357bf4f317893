import { DomainError } from '../../common/errors.js';

const STATUS = {
  BACKUP_NOT_FOUND: 404,
  /** The file is something else. */
  NOT_A_BACKUP: 422,
  BACKUP_EXISTS: 409,
  BACKUP_KEY_MISSING: 400,
  BACKUP_WRONG_KEY: 422,
  /** Bytes have been changed, moved or put in. */
  BACKUP_DAMAGED: 422,
  /** The end is missing. */
  BACKUP_TRUNCATED: 422,
  /** A later version of Perch made it. */
  BACKUP_NEWER: 422,
  /** Files are kept in the very database that is to be saved. */
  BACKUP_NEEDS_STORAGE: 400,
  BACKUP_NEEDS_DIRECT_URL: 400,
  /** Row-level security binds the login, which would save or restore less than everything. */
  BACKUP_ROLE_BOUND: 403,
  /** More is changed all the time than can be copied. */
  BACKUP_NEVER_CAUGHT_UP: 503,
  TARGET_NOT_EMPTY: 409,
  /** What was restored is not what was saved. */
  RESTORE_MISMATCH: 500,
} as const;

export type BackupErrorCode = keyof typeof STATUS;

/** A backup could not be made, read or restored. A restore that throws has changed nothing. */
export class BackupError extends DomainError {
  constructor(
    override readonly code: BackupErrorCode,
    message: string,
  ) {
    super(code, message, STATUS[code]);
    this.name = 'BackupError';
  }
}
