import type { ReactNode } from 'react';
import { NavLink, Outlet } from 'react-router';
import { useMay } from '../../components/use-viewer.js';

interface Section {
  readonly path: string;
  readonly name: string;
  /** The right that opens it; null for everybody. */
  readonly permission: string | null;
}

/** The parts of the settings in the order in which they are shown. */
const SECTIONS: readonly Section[] = [
  { path: 'team', name: 'Team', permission: 'members.read' },
  { path: 'security', name: 'Security', permission: null },
  { path: 'api-keys', name: 'API keys', permission: 'api-keys.manage' },
];

function SectionLink({ path, name, permission }: Section): ReactNode {
  const may = useMay(permission ?? '');
  return permission === null || may ? <NavLink to={`/settings/${path}`}>{name}</NavLink> : null;
}

/** The frame of the settings: what they are about on the left, one of them beside it. */
export default function Settings(): ReactNode {
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label="Settings">{SECTIONS.map((section) => <SectionLink key={section.path} {...section} />)}</nav>
      <div className="settings-body"><Outlet /></div>
    </div>
  );
}
