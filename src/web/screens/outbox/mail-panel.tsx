import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link } from 'react-router';
import { graphql } from '../../api/client.js';
import { MAIL, type MailDetail } from '../../api/mail-operations.js';
import { minute } from '../../components/format.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { MailBadge } from './mail-badge.js';

const recipient = ({ toName, toAddress }: MailDetail): string => (toName === null ? toAddress : `${toName} <${toAddress}>`);

function Text({ mail }: { mail: MailDetail }): ReactNode {
  return (
    <>
      <dl className="mail-facts">
        <dt>To</dt><dd>{recipient(mail)}</dd>
        {mail.replyTo && <><dt>Reply to</dt><dd>{mail.replyTo}</dd></>}
        <dt>{mail.sentAt ? 'Sent' : 'Written'}</dt><dd>{minute(mail.sentAt ?? mail.createdAt)}</dd>
        <dt>State</dt><dd><MailBadge state={mail.state} />{mail.attempts > 1 && <span className="quiet"> after {mail.attempts} attempts</span>}</dd>
      </dl>
      {mail.errorMessage && <p className="notice notice-bad">{mail.errorMessage}</p>}
      <div className="mail-text">{mail.text}</div>
    </>
  );
}

/** One mail as its recipient reads it: plain text, whatever it contains. Takes the focus when it opens; Escape closes it. */
export function MailPanel({ id, back, onClose }: { id: string; back: string; onClose: () => void }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  const { data, error, refetch } = useQuery({ queryKey: ['mail', id], queryFn: () => graphql<{ mailMessage: MailDetail | null }>(MAIL, { id }) });
  const mail = data?.mailMessage;
  useEffect(() => heading.current?.focus(), [mail?.id]);
  return (
    <section className="card mail" aria-label="Mail" onKeyDown={(event) => { if (event.key === 'Escape') onClose(); }}>
      <div className="mail-head">
        <h2 ref={heading} tabIndex={-1}>{mail?.subject ?? 'Mail'}</h2>
        <Link to={back} className="button" onClick={(event) => { event.preventDefault(); onClose(); }}>Close</Link>
      </div>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading />}
      {data && !mail && <Empty title="This mail is gone"><p>Mails are deleted after 90 days.</p></Empty>}
      {mail && <Text mail={mail} />}
    </section>
  );
}
