import type { LogFields } from '../logging/logger.js';

/** A defect that was logged, with what is known of it. It may hold secrets, which the backend hides. */
export interface ErrorReport {
  readonly message: string;
  readonly error: unknown;
  readonly fields: LogFields;
}

/** Takes reports to where people look at them. */
export interface ReportBackend {
  send(report: ErrorReport): void;
  /** Resolves when everything is sent, at the latest after so many milliseconds. */
  flush(limit: number): Promise<unknown>;
}
