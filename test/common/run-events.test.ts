import { describe, expect, it } from '@jest/globals';
import { EventSequence, SectionTexts, type RunEvent } from '../../src/common/run-events.js';
import { OpenStreams } from '../../src/platform/background-jobs/open-streams.js';
import { formatEvent, HEARTBEAT, withHeartbeat } from '../../src/protocols/sse/server-sent-events.js';
import { gate } from '../support/qstash.js';

const numbered = (...numbers: number[]): { sequence: number }[] => numbers.map((sequence) => ({ sequence }));

describe('a sequence of events', () => {
  it('passes each event on once and in order', () => {
    const sequence = new EventSequence(2);
    expect(sequence.take(numbered(1, 2, 3, 3, 4))).toEqual(numbered(3, 4));
    expect(sequence.take(numbered(4, 6, 7))).toEqual([]);
    expect(sequence.take(numbered(5, 6))).toEqual(numbered(5, 6));
    expect(sequence.last).toBe(6);
  });
});

describe('the texts of sections', () => {
  it('are without what was cut off', () => {
    const events = [['section.started', 'a'], ['section.text', 'a', 'half'], ['other', 'a'], ['section.started', 'b'], ['section.text', 'b', 'x'], ['section.restarted', 'a'], ['section.text', 'a', 'wh'], ['section.text', 'a', 'ole'], ['section.done', 'a']]
      .map(([kind, section, text], index): RunEvent => ({ sequence: index + 1, at: '', kind: kind!, data: { section: section!, ...(text === undefined ? {} : { text }) } }));
    const texts = new SectionTexts();
    texts.add(events.slice(0, 4));
    texts.add(events.slice(4));
    expect(texts.sections).toEqual([{ name: 'a', text: 'whole', done: true }, { name: 'b', text: 'x', done: false }]);
  });
});

describe('server-sent events', () => {
  it('are one line of data each', () => {
    expect(formatEvent({ id: 3, data: { text: 'a\nb\r\n\u2028' } })).toBe('id: 3\ndata: {"text":"a\\nb\\r\\n\u2028"}\n\n');
    expect(formatEvent({ name: 'end', data: {} })).toBe('event: end\ndata: {}\n\n');
  });

  it('have a heartbeat in silence only', async () => {
    const { opened, open } = gate();
    let left = false;
    async function* parts(): AsyncGenerator<string> {
      try {
        yield 'one';
        await opened;
        yield 'two';
      } finally {
        left = true;
      }
    }
    const got: string[] = [];
    for await (const part of withHeartbeat(parts(), 20)) {
      got.push(part);
      if (got.length === 3) open();
      if (part === 'two') break;
    }
    expect(got.slice(0, 3)).toEqual(['one', HEARTBEAT, HEARTBEAT]);
    expect(got.at(-1)).toBe('two');
    expect(left).toBe(true);
  });

  it('have a place for everybody', () => {
    const streams = new OpenStreams();
    for (let index = 0; index < 8; index++) streams.enter('a');
    expect(() => streams.check('a')).toThrow('TOO_MANY_STREAMS');
    streams.enter('b');
    streams.leave('a');
    streams.enter('a');
    expect(() => streams.enter('a')).toThrow('TOO_MANY_STREAMS');
  });
});
