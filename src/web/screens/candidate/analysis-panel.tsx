import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { graphql } from '../../api/client.js';
import { RETRY, type Analysis } from '../../api/operations.js';
import { isMoving, StateBadge } from '../../components/analysis-state.js';
import { useToast } from '../../components/toast.js';

/** How the reading of the resume stands; a failure says why and can be tried again. */
export function AnalysisPanel({ analysis, application }: { analysis: Analysis; application: string }): ReactNode {
  const queryClient = useQueryClient();
  const tell = useToast();
  const retry = useMutation({
    mutationFn: () => graphql(RETRY, { id: analysis.id }),
    onSuccess: () => {
      tell('The resume is being read again.');
      return queryClient.invalidateQueries({ queryKey: ['application', application] });
    },
    onError: (error) => tell(error.message),
  });
  return (
    <section className="card" aria-labelledby="analysis-title" aria-live="polite">
      <h2 id="analysis-title">Analysis <StateBadge state={analysis.state} percent={analysis.progressPercent} /></h2>
      {isMoving(analysis) && <progress max={100} value={analysis.progressPercent} aria-label="Progress of the analysis" />}
      {isMoving(analysis) && <p className="quiet">{analysis.progressMessage ?? 'Waiting for its turn'}</p>}
      {analysis.state === 'dead' && (
        <div className="notice notice-bad">
          <p>{analysis.errorMessage ?? 'The analysis failed.'}</p>
          <button type="button" className="button" disabled={retry.isPending} onClick={() => retry.mutate()}>Retry</button>
        </div>
      )}
    </section>
  );
}
