import type { ReactNode } from 'react';
import type { ModelCall } from '../../api/resume-variants.js';

const dollars = (value: number): string => `$${value < 0.01 ? value.toFixed(4) : value.toFixed(2)}`;

/** What the language model has used for it; nothing where none is set up. */
export function Costs({ calls }: { calls: readonly ModelCall[] }): ReactNode {
  const asked = calls.filter(({ model }) => model !== 'rules');
  if (asked.length === 0) return <p className="quiet">Written by fixed rules: no language model is set up, and nothing was paid.</p>;
  const known = asked.map(({ costUsd }) => costUsd).filter((cost) => cost !== null);
  const total = known.length === 0 ? 'at an unknown price' : `for ${dollars(known.reduce((sum, cost) => sum + cost, 0))}${known.length < asked.length ? ' and more' : ''}`;
  return (
    <details className="card">
      <summary>{asked.length} calls of {asked[0]!.model} {total}</summary>
      <table>
        <thead><tr><th scope="col">Step</th><th scope="col">Read</th><th scope="col">Written</th><th scope="col">Cost</th></tr></thead>
        <tbody>
          {asked.map(({ id, step, inputTokens, outputTokens, costUsd, outcome }) => (
            <tr key={id}><td>{step}{outcome !== 'done' && <span className="quiet"> {outcome === 'open' ? 'no answer yet' : outcome}</span>}</td><td>{inputTokens}</td><td>{outputTokens}</td><td>{costUsd === null ? '?' : dollars(costUsd)}</td></tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
