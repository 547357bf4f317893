import { useEffect, useState } from 'react';
import { SectionTexts, type RunEvent } from '../../common/run-events.js';
import type { JobState } from '../api/operations.js';
import { RunEventReader } from '../api/run-events.js';

export interface WatchedRun {
  /** All events so far. */
  readonly events: readonly RunEvent[];
  /** Text of each section so far; what an attempt that was cut off wrote is gone. */
  readonly sections: SectionTexts['sections'];
  /** The state in which the run has ended; null while it goes on. */
  readonly endedAs: JobState | null;
}

const NOTHING: WatchedRun = { events: [], sections: [], endedAs: null };

/** What a run tells while it runs, from its beginning; nothing while `run` is null. */
export function useRunEvents(run: string | null): WatchedRun {
  const [watched, setWatched] = useState(NOTHING);
  useEffect(() => {
    setWatched(NOTHING);
    if (run === null) return undefined;
    const texts = new SectionTexts();
    const reader = new RunEventReader(run, {
      events: (events) => {
        texts.add(events);
        setWatched((before) => ({ ...before, events: [...before.events, ...events], sections: texts.sections }));
      },
      ended: (state) => setWatched((before) => ({ ...before, endedAs: state })),
    }).start();
    return () => reader.stop();
  }, [run]);
  return watched;
}
