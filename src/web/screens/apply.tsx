import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { ApiError, graphql, newKey, submitApplication, type AcceptedApplication } from '../api/client.js';
import { CAREERS, type CareersData } from '../api/operations.js';
import { words } from '../components/format.js';
import { Empty, Failure, Loading } from '../components/notice.js';
import { useTitle } from '../components/use-title.js';

const LIMIT_BYTES = 10 * 1_048_576;

function Received({ accepted, title }: { accepted: AcceptedApplication; title: string }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="card notice-good">
      <h2 ref={heading} tabIndex={-1}>We have your application</h2>
      <p>{accepted.created ? `Thank you for applying as ${title}.` : 'You had sent this application before; it is here once.'}</p>
      <p><Link to={`/application-status?token=${accepted.statusToken}`}>Follow its status</Link>. Keep this link: only you have it.</p>
    </section>
  );
}

function Field({ label, error, ...input }: { label: string; error: ApiError | null } & React.ComponentProps<'input'>): ReactNode {
  const wrong = error !== null && error.field === input.name;
  return (
    <label>{label}
      <input {...input} aria-invalid={wrong} aria-describedby={wrong ? `${input.name}-error` : undefined} />
      {wrong && <span id={`${input.name}-error`} className="field-error">{error.message}</span>}
    </label>
  );
}

function ApplyForm({ workspace, posting, onDone }: { workspace: string; posting: string; onDone: (accepted: AcceptedApplication) => void }): ReactNode {
  const [key] = useState(newKey);
  const { mutate, error, isPending } = useMutation({
    mutationFn: (form: FormData) => {
      const file = form.get('resume');
      if (file instanceof File && file.size > LIMIT_BYTES) throw new ApiError('PAYLOAD_TOO_LARGE', 'The file is larger than 10 MB.', false, 'resume');
      return submitApplication(form, key);
    },
    onSuccess: onDone,
  });
  const known = error instanceof ApiError ? error : null;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    form.set('workspace', workspace);
    form.set('posting', posting);
    mutate(form);
  };
  return (
    <form className="form card" onSubmit={submit} aria-label="Apply">
      <h2>Apply</h2>
      <Field label="Name" name="name" autoComplete="name" required maxLength={200} error={known} />
      <Field label="E-mail" name="email" type="email" autoComplete="email" required error={known} />
      <Field label="Phone (optional)" name="phone" type="tel" autoComplete="tel" error={known} />
      <Field label="Resume: PDF, Word, ODT, RTF, HTML, text or a photo, at most 10 MB" name="resume" type="file" required accept=".pdf,.docx,.doc,.odt,.rtf,.html,.htm,.txt,.png,.jpg,.jpeg" error={known} />
      {error && !known?.field && <Failure error={error} />}
      <button type="submit" className="button button-main" disabled={isPending}>{isPending ? 'Sending…' : 'Send application'}</button>
    </form>
  );
}

/** One open job with its application form. */
export default function Apply(): ReactNode {
  const { workspace = '', posting: slug = '' } = useParams();
  const [accepted, setAccepted] = useState<AcceptedApplication | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ['careers', workspace], queryFn: () => graphql<CareersData>(CAREERS, { workspace }) });
  const posting = data?.careersPage?.postings.find((candidate) => candidate.slug === slug);
  useTitle(posting?.title);
  if (error) return <main className="public"><Failure error={error} onRetry={() => void refetch()} /></main>;
  if (!data) return <main className="public"><Loading /></main>;
  const back = <p><Link to={`/careers/${workspace}`}>All jobs</Link></p>;
  if (!posting) return <main className="public"><Empty title="This job is not open any more">{back}</Empty></main>;
  return (
    <main className="public">
      {back}
      <h1>{posting.title}</h1>
      <p className="quiet">{[posting.location, words(posting.employmentType)].filter(Boolean).join(' · ')}</p>
      {posting.description.split(/\n{2,}/).map((paragraph, index) => <p key={index} className="prose">{paragraph}</p>)}
      {accepted ? <Received accepted={accepted} title={posting.title} /> : <ApplyForm workspace={workspace} posting={slug} onDone={setAccepted} />}
    </main>
  );
}
