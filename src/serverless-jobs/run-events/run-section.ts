import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import { SECTION_DONE, SECTION_RESTARTED, SECTION_STARTED, SECTION_TEXT } from '../../common/run-events.js';

/** Characters of one event: at most six bytes each as JSON, so that an event never exceeds its limit. */
const PIECE = 1_200;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** A row where the run ($1) has begun the section ($2) before. */
export const SECTION_BEGUN = `SELECT 1 FROM run_event WHERE background_job_id = $1 AND kind = '${SECTION_STARTED}' AND data->>'section' = $2 LIMIT 1`;

interface Events {
  append(kind: string, data: JsonObject): void;
  appendWithin(manager: EntityManager, kind: string, data: JsonObject): Promise<void>;
  gather(release: () => void): void;
  flush(): Promise<void>;
}

/** The first half of a character that the next piece brings the rest of, cut off. */
const splitHalf = (text: string): [string, string] => (/[\uD800-\uDBFF]$/.test(text) ? [text.slice(0, -1), text.slice(-1)] : [text, '']);

/** A section of text that is written piece by piece; pieces of the same moment become one event. */
export class RunSection {
  private gathered = '';
  private readonly release = (): void => {
    const [text, half] = splitHalf(this.gathered);
    this.gathered = half;
    this.add(text);
  };

  /** Whether it is the first time or not is told to the readers before any of its text. */
  constructor(
    private readonly name: string,
    private readonly events: Events,
    begunBefore: boolean,
  ) {
    events.append(begunBefore ? SECTION_RESTARTED : SECTION_STARTED, { section: name });
  }

  /** Adds the next piece, of any length. What no text can hold is replaced. Throws like `RunEventWriter.append`. */
  write(piece: string): void {
    this.gathered += piece;
    this.events.gather(this.release);
    if (this.gathered.length >= PIECE) this.release();
  }

  /** Stores the rest of the text; call it before the transaction in which the section is done. */
  async flush(): Promise<void> {
    const text = this.gathered;
    this.gathered = '';
    this.add(text);
    await this.events.flush();
  }

  /** Tells, together with what else the transaction does, that the text is complete. */
  async done(manager: EntityManager): Promise<void> {
    await this.events.appendWithin(manager, SECTION_DONE, { section: this.name });
  }

  private add(text: string): void {
    const clean = text.replaceAll('\u0000', '').replace(LONE_SURROGATE, '\uFFFD');
    for (let begin = 0; begin < clean.length;) {
      const [part] = begin + PIECE < clean.length ? splitHalf(clean.slice(begin, begin + PIECE)) : [clean.slice(begin)];
      this.events.append(SECTION_TEXT, { section: this.name, text: part });
      begin += part.length;
    }
  }
}
