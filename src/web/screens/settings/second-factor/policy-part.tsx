import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { graphql } from '../../../api/client.js';
import { REQUIRE_SECOND_FACTOR, SECOND_FACTOR_POLICY, type SecondFactorPolicy } from '../../../api/second-factor.js';
import { Confirmation } from '../../../components/confirmation.js';
import { Failure, Loading } from '../../../components/notice.js';
import { useAction } from '../../../components/use-action.js';
import { useMay } from '../../../components/use-viewer.js';

const without = (count: number): string => (count === 0 ? 'All members have one.' : count === 1 ? 'One member has none.' : `${count} members have none.`);

/** Lets an owner require a second factor of all members. */
export function PolicyPart(): ReactNode {
  const may = useMay('sign-in.manage');
  const [asking, setAsking] = useState(false);
  const { run, isPending, error: refused } = useAction(() => setAsking(false));
  const { data, error, refetch } = useQuery({ queryKey: ['second-factor-policy'], queryFn: () => graphql<{ secondFactorPolicy: SecondFactorPolicy }>(SECOND_FACTOR_POLICY), enabled: may });
  if (!may) return null;
  const policy = data?.secondFactorPolicy;
  const set = (required: boolean): void => run({ query: REQUIRE_SECOND_FACTOR, variables: { required }, done: required ? 'A second factor is required now.' : 'A second factor is no longer required.' });
  return (
    <section className="settings-part" aria-labelledby="second-factor-policy">
      <h2 id="second-factor-policy">Second factor of all members</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!policy && !error && <Loading rows={1} />}
      {policy && (
        <>
          <p>{policy.required ? 'Required' : 'Not required'}. {without(policy.membersWithout)}</p>
          {refused && !asking && <Failure error={refused} />}
          <button type="button" className="button" disabled={isPending} onClick={() => (policy.required ? set(false) : setAsking(true))}>{policy.required ? 'No longer require it' : 'Require it…'}</button>
        </>
      )}
      {asking && policy && (
        <Confirmation title="Require a second factor?" action="Require it" pending={isPending} onConfirm={() => set(true)} onClose={() => setAsking(false)}>
          <p>{without(policy.membersWithout)} Whoever has none can do nothing in this workspace but set one up, from their next click on. API keys go on working.</p>
          {refused && <Failure error={refused} />}
        </Confirmation>
      )}
    </section>
  );
}
