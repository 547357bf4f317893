import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { graphql } from '../../api/client.js';
import { MAILS, type MailLine, type MailsData } from '../../api/mail-operations.js';
import { minute } from '../../components/format.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { useTitle } from '../../components/use-title.js';
import { MAIL_STATES, MailBadge } from './mail-badge.js';
import { MailPanel } from './mail-panel.js';

const POLL_MS = 5_000;
const addressOf = (id: string | null, search: string): string => `/outbox${id === null ? '' : `/${id}`}${search === '' ? '' : `?${search}`}`;
const linkId = (id: string): string => `mail-${id}`;

function Line({ mail, isOpen, search }: { mail: MailLine; isOpen: boolean; search: string }): ReactNode {
  return (
    <tr className={isOpen ? 'row-open' : undefined}>
      <th scope="row"><Link id={linkId(mail.id)} to={addressOf(mail.id, search)} aria-current={isOpen ? 'true' : undefined}>{mail.subject}</Link></th>
      <td className="mail-recipient">{mail.toName && <span>{mail.toName}</span>}<span className={mail.toName ? 'quiet' : undefined}>{mail.toAddress}</span></td>
      <td><MailBadge state={mail.state} /></td>
      <td className="number">{minute(mail.createdAt)}</td>
    </tr>
  );
}

function Filter({ state }: { state: string | null }): ReactNode {
  return (
    <nav className="tabs" aria-label="State">
      <Link to="/outbox" aria-current={state === null ? 'page' : undefined}>All</Link>
      {MAIL_STATES.map(([value, label]) => <Link key={value} to={`/outbox?state=${value}`} aria-current={state === value ? 'page' : undefined}>{label}</Link>)}
    </nav>
  );
}

function Mails({ mails, open, search }: { mails: readonly MailLine[]; open: string | null; search: string }): ReactNode {
  if (mails.length === 0) return <Empty title="No mail"><p>Mails that Perch sends appear here.</p></Empty>;
  return (
    <div className="table-scroll">
      <table>
        <thead><tr><th scope="col">Subject</th><th scope="col">Recipient</th><th scope="col">State</th><th scope="col" className="number">Written</th></tr></thead>
        <tbody>{mails.map((mail) => <Line key={mail.id} mail={mail} isOpen={mail.id === open} search={search} />)}</tbody>
      </table>
    </div>
  );
}

/** Every mail that Perch has written, newest first; the one that is opened stands beside the list. */
export default function Outbox(): ReactNode {
  useTitle('Outbox');
  const { id = null } = useParams();
  const navigate = useNavigate();
  const [parameters, setParameters] = useSearchParams();
  const search = parameters.toString();
  const [state, after] = [parameters.get('state'), parameters.get('after')];
  const { data, error, refetch } = useQuery({
    queryKey: ['mails', state, after], placeholderData: keepPreviousData, refetchInterval: POLL_MS,
    queryFn: () => graphql<MailsData>(MAILS, { state, after }),
  });
  const { endCursor, hasNextPage } = data?.mailMessages.pageInfo ?? { endCursor: null, hasNextPage: false };
  const close = (): void => {
    document.getElementById(linkId(id!))?.focus();
    void navigate(addressOf(null, search));
  };
  return (
    <>
      <h1>Outbox</h1>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading rows={6} />}
      {data?.mailIsDelivered === false && <p className="notice notice-plain">No mail server is set, so mails do not leave Perch: they are kept here. Set SMTP_URL and MAIL_FROM to send them.</p>}
      {data && <Filter state={state} />}
      {(data || id) && (
        <div className={id ? 'outbox-open' : undefined}>
          <div>
            {data && <Mails mails={data.mailMessages.nodes} open={id} search={search} />}
            {hasNextPage && <button type="button" className="button" onClick={() => setParameters({ ...(state ? { state } : {}), after: endCursor! })}>Older</button>}
          </div>
          {id && <MailPanel id={id} back={addressOf(null, search)} onClose={close} />}
        </div>
      )}
    </>
  );
}
