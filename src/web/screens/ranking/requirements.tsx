import type { FormEvent, ReactNode } from 'react';
import { CHANGE_REQUIREMENTS, type RankedJob } from '../../api/ranking.js';
import { criteriaOf } from '../../components/criteria.js';
import { Failure } from '../../components/notice.js';
import { useAction } from '../../components/use-action.js';
import { useMay } from '../../components/use-viewer.js';

const labelsOf = ({ criteria }: RankedJob, wanted: 'must' | 'nice'): string => criteria.filter(({ necessity }) => necessity === wanted).map(({ label }) => label).join('\n');

/** What the job asks for. A change makes the ranking anew; what was scored before keeps what it was scored by. */
export function Requirements({ job }: { job: RankedJob }): ReactNode {
  const { run, isPending, error } = useAction();
  if (!useMay('job-openings.write')) return null;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const input = { title: form.get('title'), description: job.description, ...criteriaOf(form) };
    run({ query: CHANGE_REQUIREMENTS, variables: { id: job.id, version: job.version, input }, done: 'What the job asks for was changed.' });
  };
  return (
    <details className="requirements">
      <summary>What the job asks for</summary>
      <form className="form card form-wide" onSubmit={submit}>
        <label>Title<input name="title" required maxLength={200} defaultValue={job.title} /></label>
        <label>Must have, one a line<textarea name="must" rows={4} defaultValue={labelsOf(job, 'must')} /></label>
        <label>Nice to have, one a line<textarea name="nice" rows={3} defaultValue={labelsOf(job, 'nice')} /></label>
        <label>Years of experience at least<input name="minimumYears" type="number" min={0} max={50} step={0.5} defaultValue={job.minimumYears ?? ''} /></label>
        {error && <Failure error={error} />}
        <button type="submit" className="button" disabled={isPending}>Save</button>
      </form>
    </details>
  );
}
