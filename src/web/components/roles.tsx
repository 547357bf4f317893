import type { ReactNode } from 'react';
import type { Role } from '../api/team.js';

interface RoleText {
  readonly name: string;
  readonly text: string;
}

/** What each role may do, in a sentence. The first holds the most. */
export const ROLES: Readonly<Record<Role, RoleText>> = {
  owner: { name: 'Owner', text: 'Does everything, and alone decides who else is an owner.' },
  admin: { name: 'Admin', text: 'Does everything in recruiting, and looks after the team, API keys, pipelines and schedules.' },
  recruiter: { name: 'Recruiter', text: 'Opens jobs, works with candidates, writes to them and makes offers.' },
  hiring_manager: { name: 'Hiring manager', text: 'Sees candidates with their resumes and contact details, moves and rejects them; pay only where asked to approve it.' },
  interviewer: { name: 'Interviewer', text: 'Sees jobs and candidates without resumes and contact details, and answers where asked to approve.' },
};
export const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];

/** The roles that somebody with this role can give: their own and those below it. */
export const rolesUpTo = (role: Role): readonly Role[] => ROLE_NAMES.slice(ROLE_NAMES.indexOf(role));

export function RoleList(): ReactNode {
  return (
    <details className="roles">
      <summary>What the roles may do</summary>
      <dl className="facts">{ROLE_NAMES.map((role) => <div key={role}><dt>{ROLES[role].name}</dt><dd>{ROLES[role].text}</dd></div>)}</dl>
    </details>
  );
}
