import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { CHANGES, type JobDetail, type LogLine, type Step } from '../../api/background-jobs.js';
import { graphql } from '../../api/client.js';
import type { JobState } from '../../api/operations.js';
import { outcomeWords, StateBadge } from '../../components/analysis-state.js';
import { useMay } from '../../components/shell.js';
import { useToast } from '../../components/toast.js';
import { duration, jobName, minute, second, words } from '../../components/format.js';

const took = (from: string, to: string | null): string => (to === null ? '' : duration(new Date(to).getTime() - new Date(from).getTime()));
const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** A record as text; long lines wrap, and the keyboard can scroll it. */
export function Json({ label, value }: { label: string; value: unknown }): ReactNode {
  return <pre className="json" role="region" aria-label={label} tabIndex={0}>{json(value)}</pre>;
}

export function Attempts({ attempts }: { attempts: JobDetail['attemptLog'] }): ReactNode {
  return (
    <ol className="entries">
      {attempts.map(({ id, number, outcome, errorCode, errorMessage, startedAt, finishedAt }) => (
        <li key={id}>
          <div className="part-head"><span>Attempt {number}: {outcomeWords(outcome)}</span><span className="quiet number">{second(startedAt)} · {took(startedAt, finishedAt)}</span></div>
          {errorMessage && <p>{errorMessage} {errorCode && <code>{errorCode}</code>}</p>}
        </li>
      ))}
    </ol>
  );
}

const STOPPED: readonly JobState[] = ['dead', 'discarded', 'done', 'cancelled', 'paused'];

/** Does the step and what followed it once more; offered where the run stands still. */
function RetryFrom({ job, step }: { job: JobDetail; step: string }): ReactNode {
  const tell = useToast();
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => graphql(CHANGES.retryFromStep, { id: job.id, step }),
    onSuccess: () => tell(`The run goes on from “${step}”.`),
    onError: (error) => tell(error.message),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['background-jobs'] }),
  });
  return <button type="button" className="link" disabled={isPending} onClick={() => mutate()} aria-label={`Retry from ${step}`}>Retry from here</button>;
}

function StepLine({ job, step }: { job: JobDetail; step: Step }): ReactNode {
  const may = useMay();
  const { name, kind, state, attempts, dueAt, result, errorMessage, startedAt, finishedAt } = step;
  return (
    <li>
      <div className="part-head"><span>{name}: {words(state)}</span><span className="quiet number">{words(kind)}{attempts > 1 && `, attempt ${attempts}`} · {took(startedAt, finishedAt) || second(startedAt)}</span></div>
      {dueAt !== null && finishedAt === null && <p className="quiet">Until {minute(dueAt)}</p>}
      {errorMessage && <p>{errorMessage}</p>}
      {STOPPED.includes(job.state) && may('background-jobs.retry') && <RetryFrom job={job} step={name} />}
      {result !== null && <details><summary>Result</summary><Json label={`Result of ${name}`} value={result} /></details>}
    </li>
  );
}

export function Steps({ job }: { job: JobDetail }): ReactNode {
  return <ol className="entries">{job.steps.map((step) => <StepLine key={step.name} job={job} step={step} />)}</ol>;
}

export function Children({ children: { nodes, totalCount } }: { children: JobDetail['children'] }): ReactNode {
  return (
    <>
      <ul className="entries">{nodes.map(({ id, type, state }) => <li key={id} className="part-head"><Link to={`/background-jobs/${id}`}>{jobName(type)}</Link><StateBadge state={state} /></li>)}</ul>
      {totalCount > nodes.length && <p className="quiet">and {totalCount - nodes.length} more</p>}
    </>
  );
}

function Line({ line: { at, level, attempt, message, data } }: { line: LogLine }): ReactNode {
  return (
    <li className={`log log-${level}`}>
      <span className="quiet">{second(at)} · {attempt}</span> <strong>{words(level)}</strong> {message}{data !== null && <code> {JSON.stringify(data)}</code>}
    </li>
  );
}

export function Logs({ logs: { nodes, totalCount } }: { logs: JobDetail['logs'] }): ReactNode {
  return (
    <>
      <div className="logs" role="region" aria-label="Log lines" tabIndex={0}><ol className="list">{nodes.map((line) => <Line key={`${line.attempt} ${line.sequence}`} line={line} />)}</ol></div>
      {totalCount > nodes.length && <p className="quiet">The newest {nodes.length} lines; {totalCount} were written.</p>}
    </>
  );
}
