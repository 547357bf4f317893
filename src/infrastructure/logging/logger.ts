import type { LogLevel } from '../../config/environment.js';
import { messageOf } from '../../common/errors.js';
import { redact, redactText } from '../../common/redact.js';

const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 10, info: 20, warn: 30, error: 40, silent: 99 };

/** Facts that belong to a log line; secrets in them are hidden before they are written. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one JSON object a line to standard error. */
export class Logger {
  constructor(
    private readonly level: LogLevel,
    private readonly write: (line: string) => void = (line) => void process.stderr.write(line),
    /** Told of every error, whatever the level. */
    private readonly report: (message: string, error: unknown, fields: LogFields) => void = () => undefined,
  ) {}

  debug(message: string, fields: LogFields = {}): void {
    this.line('debug', message, fields);
  }

  info(message: string, fields: LogFields = {}): void {
    this.line('info', message, fields);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.line('warn', message, fields);
  }

  /** `error` is the thrown value; its stack stays in the log and never reaches a caller. */
  error(message: string, error: unknown, fields: LogFields = {}): void {
    this.report(message, error, fields);
    const stack = error instanceof Error ? error.stack : undefined;
    this.line('error', message, { ...fields, error: messageOf(error), stack: stack === undefined ? undefined : redactText(stack) });
  }

  private line(level: LogLevel, message: string, fields: LogFields): void {
    if (SEVERITY[level] < SEVERITY[this.level]) return;
    const entry = { time: new Date().toISOString(), level, message: redactText(message), ...(redact(fields) as object) };
    this.write(`${JSON.stringify(entry)}\n`);
  }
}
