import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { graphql } from '../../api/client.js';
import { MOVE, REJECT, RESTORE, type ApplicationDetail } from '../../api/operations.js';
import { useToast } from '../../components/toast.js';

interface Step {
  readonly query: string;
  readonly variables: object;
  readonly done: string;
  readonly undo?: Step;
}

/** Stage, rejection with a reason and restoring; each can be taken back. */
export function Decision({ application }: { application: ApplicationDetail }): ReactNode {
  const { id, status, stage, jobOpening } = application;
  const queryClient = useQueryClient();
  const tell = useToast();
  const [rejecting, setRejecting] = useState(false);
  const { mutate, isPending } = useMutation({
    mutationFn: ({ query, variables }: Step) => graphql(query, variables),
    onSuccess: async (_, { done, undo }) => {
      setRejecting(false);
      tell(done, undo && (() => mutate(undo)));
      await queryClient.invalidateQueries();
    },
    onError: (error) => tell(error.message),
  });
  const moveTo = (to: string): void => mutate({
    query: MOVE, variables: { id, stage: to }, done: 'Moved.', undo: { query: MOVE, variables: { id, stage: stage.id }, done: 'Moved back.' },
  });
  const reject = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason'));
    mutate({ query: REJECT, variables: { id, reason }, done: 'Rejected.', undo: { query: RESTORE, variables: { id }, done: 'Restored.' } });
  };
  if (status !== 'active') {
    return <button type="button" className="button" disabled={isPending} onClick={() => mutate({ query: RESTORE, variables: { id }, done: 'Restored.' })}>Restore</button>;
  }
  return (
    <div className="decision">
      <label>Stage<select value={stage.id} disabled={isPending} onChange={(event) => moveTo(event.target.value)}>
        {jobOpening.pipeline.stages.map(({ id: value, name }) => <option key={value} value={value}>{name}</option>)}
      </select></label>
      {!rejecting && <button type="button" className="button" onClick={() => setRejecting(true)}>Reject…</button>}
      {rejecting && (
        <form className="reject" onSubmit={reject}>
          <label>Reason<input name="reason" required maxLength={500} autoFocus /></label>
          <button type="submit" className="button button-bad" disabled={isPending}>Reject</button>
          <button type="button" className="link" onClick={() => setRejecting(false)}>Cancel</button>
        </form>
      )}
    </div>
  );
}
