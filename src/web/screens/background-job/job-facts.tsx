import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { JobDetail } from '../../api/background-jobs.js';
import { jobName, second } from '../../components/format.js';

/** Fixed facts about the job; what it does not have is left out. */
export function JobFacts({ job }: { job: JobDetail }): ReactNode {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['About', job.subjectType === 'application' && job.subjectId ? <Link to={`/applications/${job.subjectId}`}>Open the application</Link> : job.subjectType],
    ['Part of', job.parent && <Link to={`/background-jobs/${job.parent.id}`}>{jobName(job.parent.type)}</Link>],
    ['Created', second(job.createdAt)],
    ['Due', job.state === 'queued' || job.state === 'waiting' ? second(job.runAt) : null],
    ['Started', job.startedAt && second(job.startedAt)],
    ['Ended', job.finishedAt && second(job.finishedAt)],
    ['Attempts', `${job.attempts} of ${job.maxAttempts}`],
    ['Exists once as', job.dedupeKey && <code>{job.dedupeKey}</code>],
    ['One at a time', job.concurrencyKey && <code>{job.concurrencyKey}</code>],
    ['Id', <code key="id">{job.id}</code>],
  ];
  return <dl className="facts">{facts.filter(([, value]) => value).map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>;
}
