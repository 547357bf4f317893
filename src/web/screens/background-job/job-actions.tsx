import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { graphql } from '../../api/client.js';
import { CHANGES, type JobDetail } from '../../api/background-jobs.js';
import { RETRY, type JobState } from '../../api/operations.js';
import { Confirmation } from '../../components/confirmation.js';
import { useMay } from '../../components/shell.js';
import { useToast } from '../../components/toast.js';

interface Action {
  readonly name: string;
  readonly query: string;
  readonly states: readonly JobState[];
  readonly said: string;
  readonly permission: string;
  /** What is asked before it is done. */
  readonly asks?: 'reason' | 'time' | 'sure';
  readonly main?: boolean;
}

const CHANGE = 'background-jobs.change';
const ACTIONS: readonly Action[] = [
  { name: 'Retry', query: RETRY, states: ['dead', 'cancelled', 'discarded'], said: 'The job is queued again.', permission: 'background-jobs.retry', main: true },
  { name: 'Resume', query: CHANGES.resume, states: ['paused'], said: 'The job goes on.', permission: CHANGE, main: true },
  { name: 'Run now', query: CHANGES.runNow, states: ['queued'], said: 'The job is due at once.', permission: CHANGE },
  { name: 'Move', query: CHANGES.reschedule, states: ['queued'], said: 'The start was moved.', permission: CHANGE, asks: 'time' },
  { name: 'Pause', query: CHANGES.pause, states: ['queued', 'running', 'waiting'], said: 'The job is held.', permission: CHANGE },
  { name: 'Put away', query: CHANGES.discard, states: ['dead'], said: 'The job was put away.', permission: CHANGE, asks: 'reason' },
  { name: 'Cancel', query: CHANGES.cancel, states: ['queued', 'running', 'waiting', 'paused'], said: 'The job was cancelled.', permission: CHANGE, asks: 'sure' },
];

const TEXTS = { reason: 'It no longer asks for attention, and can be retried later.', time: 'The job begins at this time at the earliest.', sure: 'What runs is stopped. Jobs that it waits for are cancelled too.' } as const;

/** What may be done to the job in its state, by this member. */
export function JobActions({ job }: { job: JobDetail }): ReactNode {
  const may = useMay();
  const tell = useToast();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState<Action | null>(null);
  const change = useMutation({
    mutationFn: ({ query, values }: { query: string; values: object; said: string }) => graphql(query, { id: job.id, ...values }),
    onSuccess: (_, { said }) => tell(said),
    onError: (error) => tell(error.message),
    onSettled: () => {
      setAsking(null);
      return queryClient.invalidateQueries({ queryKey: ['background-jobs'] });
    },
  });
  const confirm = (action: Action, values: FormData): void => {
    const [reason, at] = [values.get('reason'), values.get('at')];
    change.mutate({ ...action, values: { ...(reason ? { reason } : {}), ...(at ? { at: new Date(String(at)).toISOString() } : {}) } });
  };
  return (
    <div className="actions">
      {ACTIONS.filter(({ states, permission }) => states.includes(job.state) && may(permission)).map((action) => (
        <button key={action.name} type="button" className={action.main ? 'button button-main' : 'button'} disabled={change.isPending}
          onClick={() => (action.asks ? setAsking(action) : change.mutate({ ...action, values: {} }))}>{action.name}{action.asks && '…'}</button>
      ))}
      {asking?.asks && (
        <Confirmation title={`${asking.name} this job?`} action={asking.name === 'Cancel' ? 'Cancel the job' : asking.name} bad={asking.asks !== 'time'} pending={change.isPending}
          onClose={() => setAsking(null)} onConfirm={(values) => confirm(asking, values)}>
          <p>{TEXTS[asking.asks]}</p>
          {asking.asks === 'reason' && <label>Reason<input name="reason" required maxLength={500} autoFocus /></label>}
          {asking.asks === 'time' && <label>Time<input type="datetime-local" name="at" required autoFocus /></label>}
        </Confirmation>
      )}
    </div>
  );
}
