import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { graphql } from '../../api/client.js';
import { CHANGE_ROLE, LEAVE, REMOVE_MEMBER, TEAM, type Member, type Role, type TeamData } from '../../api/team.js';
import { Confirmation } from '../../components/confirmation.js';
import { day } from '../../components/format.js';
import { Failure, Loading } from '../../components/notice.js';
import { RoleList, ROLES, rolesUpTo } from '../../components/roles.js';
import { useAction } from '../../components/use-action.js';
import { useTitle } from '../../components/use-title.js';
import { useMay } from '../../components/use-viewer.js';
import { Invitations } from './invitations.js';

/** The role of a member; a choice where the viewer may change it. */
function RoleCell({ member, own }: { member: Member; own: Role | null }): ReactNode {
  const { run, isPending, error } = useAction();
  const { id, role, user } = member;
  const choices = own === null ? [] : rolesUpTo(own);
  if (!choices.includes(role)) return ROLES[role].name;
  const change = (to: Role): void => run({ query: CHANGE_ROLE, variables: { id, role: to }, done: `${user.displayName} is now ${ROLES[to].name.toLowerCase()}.` });
  return (
    <>
      <select aria-label={`Role of ${user.displayName}`} value={role} disabled={isPending} onChange={(event) => change(event.target.value as Role)}>
        {choices.map((choice) => <option key={choice} value={choice}>{ROLES[choice].name}</option>)}
      </select>
      {error && <p className="field-error" role="alert">{error.message}</p>}
    </>
  );
}

function Remove({ member, onClose }: { member: Member; onClose: () => void }): ReactNode {
  const { run, isPending, error } = useAction(onClose);
  const { displayName } = member.user;
  return (
    <Confirmation title={`Remove ${displayName}?`} action="Remove" bad pending={isPending} onClose={onClose}
      onConfirm={() => run({ query: REMOVE_MEMBER, variables: { id: member.id }, done: `${displayName} is no longer in the team.` })}>
      <p>{displayName} is signed out at once. Their API keys stop working, and their open invitations are taken back. What they wrote stays, and owners and admins can answer approvals that wait for them.</p>
      {error && <Failure error={error} />}
    </Confirmation>
  );
}

function Leave({ onClose }: { onClose: () => void }): ReactNode {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>(null);
  const leave = (): void => void graphql(LEAVE).then(() => {
    queryClient.clear();
    return navigate('/sign-in');
  }, setError);
  return (
    <Confirmation title="Leave this workspace?" action="Leave" bad pending={false} onClose={onClose} onConfirm={leave}>
      <p>You are signed out at once and your API keys stop working. You come back only by another invitation.</p>
      {error !== null && <Failure error={error} />}
    </Confirmation>
  );
}

function Line({ member, own, isMe, onRemove }: { member: Member; own: Role | null; isMe: boolean; onRemove: (member: Member) => void }): ReactNode {
  const { user, role, createdAt } = member;
  const mayRemove = own !== null && !isMe && rolesUpTo(own).includes(role);
  return (
    <tr>
      <th scope="row">{user.displayName}{isMe && <> <span className="badge">You</span></>}<span className="quiet block">{user.email}</span></th>
      <td><RoleCell member={member} own={own} /></td>
      <td>{day(createdAt)}</td>
      <td className="row-action">{mayRemove && <button type="button" className="button" aria-label={`Remove ${user.displayName}`} onClick={() => onRemove(member)}>Remove</button>}</td>
    </tr>
  );
}

/** Who works here, and who was invited. */
export default function Team(): ReactNode {
  useTitle('Team');
  const mayManage = useMay('members.manage');
  const mayReadInvitations = useMay('invitations.read');
  const [removing, setRemoving] = useState<Member | null>(null);
  const [leaving, setLeaving] = useState(false);
  const { data, error, refetch } = useQuery({ queryKey: ['team'], queryFn: () => graphql<TeamData>(TEAM) });
  const own = mayManage && data ? data.viewer.role : null;
  return (
    <>
      <div className="title-row"><h1>Team{data && <span className="count">{data.members.length}</span>}</h1></div>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading rows={4} />}
      {data && (
        <div className="table-scroll">
          <table>
            <thead><tr><th scope="col">Member</th><th scope="col">Role</th><th scope="col">Since</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
            <tbody>{data.members.map((member) => <Line key={member.id} member={member} own={own} isMe={member.user.id === data.viewer.user?.id} onRemove={setRemoving} />)}</tbody>
          </table>
        </div>
      )}
      <RoleList />
      {data && mayReadInvitations && <Invitations own={own} />}
      {data && (
        <section className="settings-part" aria-labelledby="leave-title">
          <h2 id="leave-title">Leave the workspace</h2>
          <p className="quiet">You can leave by yourself, unless you are the only owner.</p>
          <button type="button" className="button" onClick={() => setLeaving(true)}>Leave…</button>
        </section>
      )}
      {removing && <Remove member={removing} onClose={() => setRemoving(null)} />}
      {leaving && <Leave onClose={() => setLeaving(false)} />}
    </>
  );
}
