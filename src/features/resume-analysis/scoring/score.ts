/** What a job opening asks for, as it was when somebody was scored against it. */
export interface JobRequirements {
  readonly title: string;
  /** Only to find out what was copied from it. */
  readonly description: string;
  readonly minimumYears: number | null;
  readonly criteria: readonly { readonly label: string; readonly necessity: 'must' | 'nice' }[];
}

/** The text of a resume: its lines, and the numbers (from 1) of those that a reader of the page cannot see. */
export interface ResumeText {
  readonly lines: readonly string[];
  readonly hiddenLines?: readonly number[];
}

/** A line of the resume, quoted, with its number from 1. */
export interface Evidence {
  readonly quote: string;
  readonly line: number;
}

/** Why some of the points were given or not. */
export interface ScorePart {
  readonly kind: 'must' | 'nice' | 'title' | 'experience';
  readonly label: string;
  readonly points: number;
  readonly maximum: number;
  readonly evidence: Evidence | null;
}

/**
 * A line that names what is asked for and did not count: it cannot be seen, was copied from the job's text, lists the criteria
 * as the job does, repeats itself, or says that the thing is missing.
 */
export interface ScoreFlag extends Evidence {
  readonly kind: 'hidden' | 'copied' | 'listed' | 'repeated' | 'negated';
}

export interface Score {
  /** 0 to 100 with two decimals: the sum of the points. */
  readonly score: number;
  readonly parts: readonly ScorePart[];
  readonly flags: readonly ScoreFlag[];
}
