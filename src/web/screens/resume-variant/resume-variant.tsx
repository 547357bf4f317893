import { useQuery } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { graphql } from '../../api/client.js';
import { CANCEL_VARIANT, RETRY_VARIANT, VARIANT, VARIANT_RESULT, type Variant, type VariantResult } from '../../api/resume-variants.js';
import { minute } from '../../components/format.js';
import { Failure, Loading } from '../../components/notice.js';
import { useAction } from '../../components/use-action.js';
import { useRunEvents } from '../../components/use-run-events.js';
import { useTitle } from '../../components/use-title.js';
import { useMay } from '../../components/use-viewer.js';
import { VariantBadge } from '../../components/variant-badge.js';
import { Changes } from './changes.js';
import { Checks } from './checks.js';
import { Costs } from './costs.js';
import { LiveText } from './live-text.js';

const BUSY_POLL_MS = 1_500;
const STEPS = ['job analysis', 'optimization: summary', 'validation', 'polish: summary', 'documents'] as const;

function Downloads({ documents }: Pick<Variant, 'documents'>): ReactNode {
  return (
    <section className="card" aria-labelledby="downloads-title">
      <h2 id="downloads-title">Downloads</h2>
      <ul className="entries">
        {documents.map(({ id, kind, fileName, byteSize }) => (
          <li key={id}><a href={`/api/files/${id}`}>{kind === 'resume' ? 'Resume' : 'Cover letter'} as {fileName.split('.').at(-1)?.toUpperCase()}</a> <span className="quiet">{Math.ceil(byteSize / 1_024)} KB</span></li>
        ))}
      </ul>
    </section>
  );
}

function Actions({ variant }: { variant: Variant }): ReactNode {
  const { run, isPending, error } = useAction();
  const { id, state: { status } } = variant;
  const retry = (step: string | null): void => run({ query: RETRY_VARIANT, variables: { id, step }, done: step === null ? 'It goes on where it stopped.' : `It is done again from "${step}".` });
  return (
    <div>
      {error && <Failure error={error} />}
      <p className="actions">
        {(status === 'running' || status === 'paused') && <button type="button" className="button" disabled={isPending} onClick={() => run({ query: CANCEL_VARIANT, variables: { id }, done: 'Cancelled. Nothing more is written.' })}>Cancel</button>}
        {(status === 'failed' || status === 'cancelled') && <button type="button" className="button button-main" disabled={isPending} onClick={() => retry(null)}>Retry</button>}
        {status === 'ready' && (
          <label>Do again from <select value="" disabled={isPending} onChange={(event) => retry(event.target.value)}>
            <option value="" disabled>choose a step</option>
            {STEPS.map((step) => <option key={step} value={step}>{step}</option>)}
          </select></label>
        )}
      </p>
    </div>
  );
}

/** A resume that is being rewritten for a job: its text as it is written, then what has changed and what every sentence rests on. */
export default function ResumeVariant(): ReactNode {
  const { id = '' } = useParams();
  useTitle('Resume for a job');
  const mayWrite = useMay('resumes.optimize');
  const { data, error, refetch } = useQuery({
    queryKey: ['variant', id], queryFn: () => graphql<{ resumeVariant: Variant }>(VARIANT, { id }),
    refetchInterval: ({ state }) => (state.data?.resumeVariant.state.status === 'running' ? BUSY_POLL_MS : false),
  });
  const variant = data?.resumeVariant;
  const isReady = variant?.state.status === 'ready';
  const result = useQuery({ queryKey: ['variant-result', id, variant?.readyAt], queryFn: () => graphql<{ resumeVariantResult: VariantResult | null }>(VARIANT_RESULT, { id }), enabled: isReady });
  const watched = useRunEvents(isReady ? null : (variant?.runId ?? null));
  useEffect(() => {
    if (watched.endedAs !== null) void refetch();
  }, [watched.endedAs, refetch]);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!variant) return <Loading rows={5} />;
  const found = result.data?.resumeVariantResult;
  return (
    <>
      <header className="candidate-head">
        <div>
          <h1>Resume for a job <VariantBadge status={variant.state.status} /></h1>
          <p className="quiet"><Link to={`/applications/${variant.applicationId}`}>Back to the application</Link> · begun {minute(variant.createdAt)}</p>
          {variant.state.status === 'running' && <p role="status">{variant.state.step ? `At work: ${variant.state.step}` : 'Waiting for its turn'}</p>}
        </div>
        {mayWrite && <Actions variant={variant} />}
      </header>
      {variant.state.status === 'failed' && <div className="notice notice-bad"><p>{variant.state.problem}</p></div>}
      {!isReady && <LiveText sections={watched.sections} isRunning={variant.state.status === 'running'} />}
      {result.error && <Failure error={result.error} onRetry={() => void result.refetch()} />}
      {isReady && !found && !result.error && <Loading rows={5} />}
      {found && (
        <div className="candidate-body">
          <div><Changes result={found} /></div>
          <div><Downloads documents={variant.documents} /><Checks result={found} /><Costs calls={variant.modelCalls} /></div>
        </div>
      )}
    </>
  );
}
