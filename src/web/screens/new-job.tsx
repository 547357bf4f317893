import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { graphql } from '../api/client.js';
import { CREATE_JOB } from '../api/operations.js';
import { criteriaOf } from '../components/criteria.js';
import { Failure } from '../components/notice.js';
import { useTitle } from '../components/use-title.js';

const inputOf = (form: FormData): object =>
  ({ title: form.get('title'), description: form.get('description'), location: form.get('location') || null, ...criteriaOf(form) });

/** Opens a job; what it asks for becomes the score's criteria. */
export default function NewJob(): ReactNode {
  useTitle('New job');
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: (form: FormData) => graphql<{ createJobOpening: { id: string } }>(CREATE_JOB, { input: inputOf(form) }),
    onSuccess: async ({ createJobOpening }) => {
      await queryClient.invalidateQueries({ queryKey: ['jobs'] });
      await navigate(`/jobs/${createJobOpening.id}/board`);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    mutate(new FormData(event.currentTarget));
  };
  return (
    <>
      <p><Link to="/jobs">All jobs</Link></p>
      <h1>New job</h1>
      <form className="form card form-wide" onSubmit={submit}>
        <label>Title<input name="title" required maxLength={200} autoFocus /></label>
        <label>Description<textarea name="description" required rows={6} maxLength={20_000} /></label>
        <label>Location<input name="location" maxLength={200} /></label>
        <label>Must have, one a line<textarea name="must" rows={4} placeholder={'TypeScript\nPostgreSQL'} /></label>
        <label>Nice to have, one a line<textarea name="nice" rows={3} /></label>
        <label>Years of experience at least<input name="minimumYears" type="number" min={0} max={50} step={0.5} /></label>
        {error && <Failure error={error} />}
        <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Creating…' : 'Create job'}</button>
      </form>
    </>
  );
}
