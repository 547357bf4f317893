import type { ErrorReport, ReportBackend } from './report-backend.js';

const FLUSH_LIMIT_MS = 1_000;

/**
 * Reports errors of Perch itself, those that a log line of level error tells of, to Sentry. Without an address nothing is
 * loaded or sent. A fault of the reporting never reaches the work, and is not logged as an error, which would be reported.
 */
export class ErrorReporter {
  private backend: Promise<ReportBackend | null> | null = null;
  private pending: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly dsn: string | null,
    private readonly environment: string,
    private readonly onFault: (error: unknown) => void = () => undefined,
  ) {}

  report(report: ErrorReport): void {
    if (this.dsn === null) return;
    this.pending = Promise.all([this.pending, this.open(this.dsn).then((backend) => backend?.send(report))]).catch(this.onFault);
  }

  /** Sends what has gathered, within a second; called before a function's instance may be put to sleep and at the end of a process. */
  async flush(): Promise<void> {
    if (this.backend === null) return;
    await this.pending;
    await (await this.backend)?.flush(FLUSH_LIMIT_MS);
  }

  private open(dsn: string): Promise<ReportBackend | null> {
    this.backend ??= import('./sentry-backend.js').then(({ startSentry }) => startSentry(dsn, this.environment)).catch((error: unknown) => {
      this.onFault(error);
      return null;
    });
    return this.backend;
  }
}
