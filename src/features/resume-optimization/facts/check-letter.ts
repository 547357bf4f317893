import type { JobText } from '../sections/job-analysis.js';
import { LETTER_SUPPORT } from './check-claim.js';
import { checkLines, type CheckedSection } from './check-sections.js';
import type { SourceText } from './source-text.js';
import { wordsIn } from './words.js';

/** Words of politeness and of applying, which claim nothing about the applicant. */
const COURTESY = `apply applying application applicant position role opportunity interest interested excited enthusiastic keen time thank look looking forward hearing discuss discussing welcome chance meet talk team company
contribute contributing believe bring consider considering like learn sincerely happy glad please attached resume letter further details`;

/** Checks the paragraphs of a cover letter: it may name the job and the company, and everything else as the resume does. */
export const checkLetter = (lines: readonly string[], { title, company }: JobText, source: SourceText): CheckedSection =>
  checkLines('cover letter', lines, [], source.whole, { support: LETTER_SUPPORT, alsoKnown: wordsIn(`${title} ${company} ${COURTESY}`) });
