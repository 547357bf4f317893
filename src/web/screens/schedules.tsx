import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { graphql } from '../api/client.js';
import { PAUSE_SCHEDULE, RESUME_SCHEDULE, RUN_SCHEDULE, SCHEDULES, type Schedule } from '../api/operations.js';
import { ahead, jobName, minute } from '../components/format.js';
import { Empty, Failure, Loading } from '../components/notice.js';
import { useToast } from '../components/toast.js';
import { useTitle } from '../components/use-title.js';

const POLL_MS = 30_000;
const KEY = ['schedules'];

function Next({ schedule: { paused, nextSlots } }: { schedule: Schedule }): ReactNode {
  const [next, ...later] = nextSlots;
  if (paused || next === undefined) return <span className="badge" data-state="paused">Paused</span>;
  return <span title={`Then ${later.map(minute).join(', ')}`}>{ahead(next)} <span className="quiet">{minute(next)}</span></span>;
}

function Line({ schedule }: { schedule: Schedule }): ReactNode {
  const queryClient = useQueryClient();
  const tell = useToast();
  const { name, cron, timeZone, paused, lastSlot } = schedule;
  const label = jobName(name);
  const change = useMutation({
    mutationFn: ({ operation }: { operation: string; done: string }) => graphql(operation, { name }),
    onSuccess: (_, { done }) => {
      tell(done);
      return queryClient.invalidateQueries({ queryKey: KEY });
    },
    onError: (error) => tell(error.message),
  });
  const button = (text: string, operation: string, done: string): ReactNode => (
    <button type="button" className="button" aria-label={`${text}: ${label}`} disabled={change.isPending} onClick={() => change.mutate({ operation, done })}>{text}</button>
  );
  return (
    <tr>
      <th scope="row">{label}</th>
      <td><Next schedule={schedule} /></td>
      <td>{lastSlot === null ? <span className="quiet">Not yet</span> : minute(lastSlot)}</td>
      <td><code>{cron}</code> <span className="quiet">{timeZone}</span></td>
      <td>
        <div className="actions">
          {button('Run now', RUN_SCHEDULE, `${label} is queued.`)}
          {paused ? button('Resume', RESUME_SCHEDULE, `${label} goes on.`) : button('Pause', PAUSE_SCHEDULE, `${label} is paused.`)}
        </div>
      </td>
    </tr>
  );
}

/** What Perch begins by the clock: one line a schedule, with the next time and what can be done about it. */
export default function Schedules(): ReactNode {
  useTitle('Schedules');
  const { data, error, refetch } = useQuery({ queryKey: KEY, refetchInterval: POLL_MS, queryFn: () => graphql<{ jobSchedules: readonly Schedule[] }>(SCHEDULES) });
  const schedules = data?.jobSchedules;
  return (
    <>
      <h1>Schedules</h1>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !schedules && <Loading rows={3} />}
      {schedules?.length === 0 && <Empty title="Nothing here"><p>No background job has a schedule.</p></Empty>}
      {schedules && schedules.length > 0 && (
        <div className="table-scroll">
          <table>
            <thead><tr><th scope="col">Job</th><th scope="col">Next run</th><th scope="col">Last run</th><th scope="col">Rule</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
            <tbody>{schedules.map((schedule) => <Line key={schedule.name} schedule={schedule} />)}</tbody>
          </table>
        </div>
      )}
    </>
  );
}
