import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { graphql } from '../../api/client.js';
import { APPLICATION, type ApplicationDetail, type StageEvent } from '../../api/operations.js';
import { isMoving } from '../../components/analysis-state.js';
import { day, minute, words, years } from '../../components/format.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useTitle } from '../../components/use-title.js';
import { AnalysisPanel } from './analysis-panel.js';
import { Decision } from './decision.js';
import { OfferCard } from './offer-card.js';
import { OutreachCard } from './outreach-card.js';
import { Resume } from './resume.js';
import { Score } from './score.js';
import { useVariants } from './use-variants.js';
import { VariantsCard } from './variants-card.js';

const BUSY_POLL_MS = 700;
const QUIET_POLL_MS = 15_000;

function History({ events }: { events: readonly StageEvent[] }): ReactNode {
  return (
    <section className="card" aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      <ol className="entries">
        {events.map((event) => (
          <li key={event.id}>
            <p>{event.from && event.from.name !== event.to.name ? `${event.from.name} → ${event.to.name}` : event.to.name}{event.reason && `: ${event.reason}`}</p>
            <p className="quiet">{event.user?.displayName ?? words(event.actorType)} · {minute(event.at)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Head({ application }: { application: ApplicationDetail }): ReactNode {
  const { candidate, jobOpening, status, rejectReason, appliedAt } = application;
  const { person } = candidate;
  // Files that Perch wrote itself are found with their variant.
  const written = new Set(useVariants(application.id).data?.application?.resumeVariants.flatMap(({ documents }) => documents.map(({ id }) => id)));
  return (
    <header className="candidate-head">
      <div>
        <h1>{person.displayName}</h1>
        <p>{[candidate.currentTitle, candidate.yearsExperience !== null && years(candidate.yearsExperience)].filter(Boolean).join(' · ')}</p>
        <p className="quiet">
          Applied for <Link to={`/jobs/${jobOpening.id}/board`}>{jobOpening.title}</Link> on {day(appliedAt)}
          {status !== 'active' && <> · <strong>{words(status)}</strong>{rejectReason && `: ${rejectReason}`}</>}
        </p>
        <p className="contacts">
          {person.emails?.map(({ address }) => <a key={address} href={`mailto:${address}`}>{address}</a>)}
          {person.phones?.map(({ number }) => <a key={number} href={`tel:${number}`}>{number}</a>)}
          {candidate.documents?.filter(({ id }) => !written.has(id)).map(({ id, fileName }) => <a key={id} href={`/api/files/${id}`}>{fileName}</a>)}
        </p>
      </div>
      <Decision application={application} />
    </header>
  );
}

/** One candidate in one application: who, what was read, what it is worth for this job and why. */
export default function Candidate(): ReactNode {
  const { id = '' } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['application', id],
    queryFn: () => graphql<{ application: ApplicationDetail | null }>(APPLICATION, { id }),
    refetchInterval: ({ state }) => (isMoving(state.data?.application?.analysis ?? null) ? BUSY_POLL_MS : QUIET_POLL_MS),
  });
  const application = data?.application;
  useTitle(application?.candidate.person.displayName);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={5} />;
  if (!application) return <Empty title="This application was not found"><p><Link to="/jobs">All jobs</Link></p></Empty>;
  const { analysis, scoreRun, candidate, stageEvents } = application;
  const read = candidate.documents?.find((document) => document.parsed !== null);
  return (
    <>
      <Head application={application} />
      <div className="candidate-body">
        <div>
          {read?.parsed ? <Resume record={read.parsed} hiddenText={read.hiddenText} recognizedPages={read.recognizedPages} /> : <section className="card"><h2>Resume</h2><p className="quiet">{candidate.documents?.length ? 'Not read yet. The file itself is kept and can be downloaded above.' : 'There is no resume.'}</p></section>}
          <VariantsCard application={id} hasResume={(candidate.documents?.length ?? 0) > 0} />
          <OfferCard application={id} isActive={application.status === 'active'} />
          <OutreachCard application={id} isActive={application.status === 'active'} />
        </div>
        <div>
          {analysis && <AnalysisPanel analysis={analysis} application={id} />}
          {scoreRun && <Score score={scoreRun.score} parts={scoreRun.parts} flags={scoreRun.flags} />}
          <History events={stageEvents} />
        </div>
      </div>
    </>
  );
}
