import { canonicalJson } from '../../../common/json.js';
import { sha256 } from '../../../common/secrets.js';
import type { ResumeRecord } from '../parser/json-resume.js';
import { SCORER_VERSION } from './score-resume.js';
import type { JobRequirements, ResumeText } from './score.js';
import { yearsOfWork } from './years-of-work.js';

/**
 * SHA-256 of all that a score depends on. Of the time only the years that count go in, so that a score stays the same input until
 * a present job adds to it.
 */
export function inputHash({ hash, requirements }: { readonly hash: Buffer; readonly requirements: JobRequirements }, record: ResumeRecord, { lines, hiddenLines = [] }: ResumeText, now: Date): Buffer {
  const { minimumYears } = requirements;
  const years = minimumYears ? Math.min(minimumYears, yearsOfWork(record, now)) : 0;
  return sha256([SCORER_VERSION, hash.toString('hex'), years, canonicalJson(record), canonicalJson(hiddenLines), ...lines].join('\n'));
}
