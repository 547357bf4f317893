import type { ReactNode } from 'react';
import type { ScoreFlag } from '../api/operations.js';

const FLAG_WORDS: Readonly<Record<ScoreFlag['kind'], string>> = {
  hidden: 'Text that cannot be seen', copied: 'Copied from the job', listed: 'The list of the job itself', repeated: 'Repeated words', negated: 'Says it is missing',
};

/** Lines that name what is asked for and did not count, folded away under how many they are. */
export function Flags({ flags, who }: { flags: readonly ScoreFlag[] | null; who: string }): ReactNode {
  if (!flags || flags.length === 0) return null;
  const count = flags.length === 1 ? '1 line did not count' : `${flags.length} lines did not count`;
  return (
    <details className="flags">
      <summary><span className="badge badge-waiting">{count}</span><span className="visually-hidden"> for {who}</span></summary>
      <ul>{flags.map(({ kind, quote, line }) => <li key={`${kind} ${line}`}><strong>{FLAG_WORDS[kind]}</strong><blockquote>{quote}{kind !== 'hidden' && <> <cite>line {line}</cite></>}</blockquote></li>)}</ul>
    </details>
  );
}
