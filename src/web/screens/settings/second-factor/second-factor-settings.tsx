import type { ReactNode } from 'react';
import { useTitle } from '../../../components/use-title.js';
import { PolicyPart } from './policy-part.js';
import { SecondFactorPart } from './second-factor-part.js';

/** How the viewer signs in. */
export default function SecondFactorSettings(): ReactNode {
  useTitle('Signing in');
  return (
    <div className="settings-parts">
      <h1>Signing in</h1>
      <SecondFactorPart />
      <PolicyPart />
    </div>
  );
}
