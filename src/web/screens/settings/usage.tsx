import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { graphql } from '../../api/client.js';
import { USAGE, type Meter, type MeterUse, type UsageData } from '../../api/usage.js';
import { bytes, dollars, number, percent } from '../../components/format.js';
import { Failure, Loading } from '../../components/notice.js';
import { useTitle } from '../../components/use-title.js';

const NAMES: Readonly<Record<Meter, readonly [name: string, about: string]>> = {
  jobs: ['Background jobs', 'Work that ended, such as reading a resume or sending a mail.'],
  mails: ['Mails', 'Taken over by the mail server, or kept where there is none.'],
  storage: ['Storage', 'All documents as they are now.'],
  modelTokens: ['Language models', 'Tokens that were read and written.'],
};
const MONTHS_BACK = 6;
const NEAR = 0.8;

const shown = (meter: Meter, amount: number): string => (meter === 'storage' ? bytes(amount) : number(Math.round(amount)));
const monthName = (month: string): string => new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month}-01T00:00:00Z`));

/** This month and those before it, as the server names them. */
function months(): string[] {
  const now = new Date();
  return Array.from({ length: MONTHS_BACK }, (_, back) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7));
}

/** A bar for each day; the table of figures beside it says the same to those who do not see it. */
function Days({ meter, days }: Pick<MeterUse, 'meter' | 'days'>): ReactNode {
  const most = Math.max(...days.map(({ amount }) => amount), 1);
  return (
    <div className="usage-days" aria-hidden="true">
      {days.map(({ day, amount }) => <span key={day} title={`${day}: ${shown(meter, amount)}`} style={{ blockSize: `${Math.max(2, (amount / most) * 100)}%` }} />)}
    </div>
  );
}

function Limit({ meter, amount, limit }: MeterUse): ReactNode {
  if (limit === null) return <p className="quiet">No limit is set.</p>;
  const share = amount / limit;
  const tone = share >= 1 ? 'bad' : share >= NEAR ? 'wait' : 'good';
  return (
    <>
      <progress className={`usage-bar usage-bar-${tone}`} max={1} value={Math.min(1, share)} aria-label={`${NAMES[meter][0]}: part of the limit`} />
      <p className="quiet">{percent(share)} of {shown(meter, limit)} a month{share >= 1 && '; administrators were told, nothing is refused'}</p>
    </>
  );
}

function MeterCard({ use }: { use: MeterUse }): ReactNode {
  const [name, about] = NAMES[use.meter];
  return (
    <section className="card usage-card">
      <h2>{name}</h2>
      <p className="quiet">{about}</p>
      <p className="usage-amount">{shown(use.meter, use.amount)}</p>
      <Days meter={use.meter} days={use.days} />
      <Limit {...use} />
      <dl className="usage-facts">
        {use.forecast !== null && <div><dt>At this pace by the end of the month</dt><dd>{shown(use.meter, use.forecast)}</dd></div>}
        <div><dt>Estimated cost</dt><dd>{dollars(use.cost)}</dd></div>
      </dl>
    </section>
  );
}

/** What the workspace uses in a month, and what that is thought to cost. */
export default function Usage(): ReactNode {
  useTitle('Usage');
  const [search, setSearch] = useSearchParams();
  const month = search.get('month') ?? months()[0]!;
  const { data, error, refetch } = useQuery({ queryKey: ['usage', month], queryFn: () => graphql<UsageData>(USAGE, { month }) });
  return (
    <>
      <div className="title-row">
        <h1>Usage</h1>
        <label className="inline-field">Month <select value={month} onChange={({ target }) => setSearch({ month: target.value }, { replace: true })}>{months().map((each) => <option key={each} value={each}>{monthName(each)}</option>)}</select></label>
      </div>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading rows={4} />}
      {data && (
        <>
          <p>
            About <strong>{dollars(data.usage.cost)}</strong>{data.usage.complete ? '' : ' so far'}
            {data.usage.forecastCost !== null && <>, about <strong>{dollars(data.usage.forecastCost)}</strong> by the end of the month at this pace</>}.
            <span className="quiet"> An estimate from the prices in PERCH_USAGE_PRICES; hosting itself is not in it.</span>
          </p>
          <div className="usage-cards">{data.usage.meters.map((use) => <MeterCard key={use.meter} use={use} />)}</div>
        </>
      )}
    </>
  );
}
