import type { ReactNode } from 'react';

/** What scores are for, on every page that compares people by them. */
export function Advice(): ReactNode {
  return <p className="quiet">Scores are advice; people decide. They count what resumes show for what the job asks, with a quote for every point. Names, age, gender, photos and addresses are not looked at.</p>;
}
