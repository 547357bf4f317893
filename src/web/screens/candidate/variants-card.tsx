import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { graphql } from '../../api/client.js';
import { OPTIMIZE } from '../../api/resume-variants.js';
import { minute } from '../../components/format.js';
import { Failure, Loading } from '../../components/notice.js';
import { useMay } from '../../components/use-viewer.js';
import { VariantBadge } from '../../components/variant-badge.js';
import { useVariants } from './use-variants.js';

/** The resume rewritten for this job: begins one, and lists those that there are. */
export function VariantsCard({ application, hasResume }: { application: string; hasResume: boolean }): ReactNode {
  const [mayRead, mayWrite] = [useMay('documents.read'), useMay('resumes.optimize')];
  const navigate = useNavigate();
  const { data, error, refetch } = useVariants(application);
  const begin = useMutation({
    mutationFn: () => graphql<{ optimizeResume: { id: string } }>(OPTIMIZE, { id: application }),
    onSuccess: ({ optimizeResume }) => navigate(`/resume-variants/${optimizeResume.id}`),
  });
  if (!mayRead) return null;
  const variants = data?.application?.resumeVariants ?? [];
  const isRunning = variants.some(({ state }) => state.status === 'running');
  return (
    <section className="card" aria-labelledby="variants-title">
      <h2 id="variants-title">Resume for this job</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {begin.error && <Failure error={begin.error} />}
      {!error && !data && <Loading rows={1} />}
      {data && variants.length === 0 && <p className="quiet">Reword the resume for this job. What it says stays what the original says: every sentence is checked against it.</p>}
      {variants.length > 0 && (
        <ul className="entries">
          {variants.map(({ id, createdAt, state }) => <li key={id}><Link to={`/resume-variants/${id}`}>{minute(createdAt)}</Link> <VariantBadge status={state.status} /></li>)}
        </ul>
      )}
      {mayWrite && data && !isRunning && (
        <button type="button" className="button" disabled={begin.isPending || !hasResume} onClick={() => begin.mutate()}>{variants.length === 0 ? 'Optimise the resume' : 'Optimise again'}</button>
      )}
    </section>
  );
}
