import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { redact, redactText } from '../../common/redact.js';
import type { JobLogLevel } from '../entities/job-log.entity.js';
import type { AttemptKey } from './job-end.js';

const LINES_LIMIT = 1_000;
const TEXT_LIMIT = 2_000;

interface Line {
  readonly at: Date;
  readonly level: JobLogLevel;
  readonly message: string;
  readonly data: string | null;
}

/** Keeps the lines that an attempt writes until one of its transactions takes them along. Secrets in them are hidden. */
export class JobLogBuffer {
  private lines: Line[] = [];
  private written = 0;

  constructor(private readonly key: AttemptKey) {}

  add(level: JobLogLevel, message: string, data?: JsonObject): void {
    if (this.written + this.lines.length >= LINES_LIMIT) return;
    const text = data === undefined ? null : JSON.stringify(redact(data)).slice(0, TEXT_LIMIT * 4);
    const clean = redactText(message).replaceAll('\u0000', '').slice(0, TEXT_LIMIT);
    this.lines.push({ at: new Date(), level, message: clean, data: text !== null && isStorable(text) ? text : null });
  }

  /** Writes what has gathered and returns how many lines that were; they are kept until `confirm`, because the transaction may still roll back. */
  async write(manager: EntityManager): Promise<number> {
    const { lines } = this;
    if (lines.length === 0) return 0;
    const { workspaceId, id, fence } = this.key;
    await manager.query(
      `INSERT INTO job_log (workspace_id, background_job_id, fence, sequence, at, level, message, data)
       SELECT $1, $2, $3, $4 + l.number, l.at, l.level, l.message, l.data
       FROM unnest($5::timestamptz[], $6::text[], $7::text[], $8::jsonb[]) WITH ORDINALITY AS l (at, level, message, data, number) ON CONFLICT DO NOTHING`,
      [workspaceId, id, fence, this.written, lines.map(({ at }) => at), lines.map(({ level }) => level), lines.map(({ message }) => message), lines.map(({ data }) => data)],
    );
    return lines.length;
  }

  /** Forgets the first lines, which are committed. */
  confirm(count: number): void {
    this.written += count;
    this.lines = this.lines.slice(count);
  }

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }
}

/** Whether the text is JSON that PostgreSQL keeps: complete after it was cut, and without NUL. */
function isStorable(text: string): boolean {
  if (text.includes('\\u0000')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
