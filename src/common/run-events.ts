import type { JsonObject } from './json.js';

/** What a run has told its readers: the n-th thing of this run, where n is `sequence`; no number is left out. */
export interface RunEvent {
  readonly sequence: number;
  /** When it was stored, as ISO 8601. */
  readonly at: string;
  readonly kind: string;
  readonly data: JsonObject;
}

/** Kinds of events that tell of a text which is written section by section; `data.section` names the section. */
export const SECTION_STARTED = 'section.started';
/** An earlier attempt at the section has ended in its middle: what it wrote is to be dropped. */
export const SECTION_RESTARTED = 'section.restarted';
export const SECTION_TEXT = 'section.text';
export const SECTION_DONE = 'section.done';

/**
 * Passes every event on once and in order, however often and in whichever order events arrive. What comes after a gap is
 * refused, so that it has to be read again.
 */
export class EventSequence {
  constructor(private position = 0) {}

  /** Number of the last event that was passed on. */
  get last(): number {
    return this.position;
  }

  /** The events that continue what was passed on; those from the first gap on are missing. */
  take<Event extends Pick<RunEvent, 'sequence'>>(events: readonly Event[]): Event[] {
    const next: Event[] = [];
    for (const event of events) {
      if (event.sequence > this.position + 1) break;
      if (event.sequence <= this.position) continue;
      this.position = event.sequence;
      next.push(event);
    }
    return next;
  }
}

/** The text of each section after the events so far, in the order in which the sections were begun. */
export class SectionTexts {
  private readonly texts = new Map<string, string>();
  private readonly finished = new Set<string>();

  add(events: readonly RunEvent[]): void {
    for (const { kind, data } of events) {
      const section = String(data['section']);
      if (kind === SECTION_STARTED || kind === SECTION_RESTARTED) this.texts.set(section, '');
      else if (kind === SECTION_TEXT) this.texts.set(section, (this.texts.get(section) ?? '') + String(data['text']));
      else if (kind === SECTION_DONE) this.finished.add(section);
    }
  }

  get sections(): readonly { readonly name: string; readonly text: string; readonly done: boolean }[] {
    return [...this.texts].map(([name, text]) => ({ name, text, done: this.finished.has(name) }));
  }
}

/**
 * The texts of sections that were written in parts, "work 1#1", "work 1#2" and so on, put together under the name before the mark. One is
 * done when all its parts are.
 */
export function joinedParts(sections: SectionTexts['sections']): SectionTexts['sections'] {
  const joined = new Map<string, { name: string; text: string; done: boolean }>();
  for (const { name, text, done } of sections) {
    const whole = name.replace(/#\d+$/, '');
    const before = joined.get(whole);
    joined.set(whole, { name: whole, text: `${before?.text ?? ''}${text}`, done: done && (before?.done ?? true) });
  }
  return [...joined.values()];
}
