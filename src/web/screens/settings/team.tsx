import type { ReactNode } from 'react';
import { useTitle } from '../../components/use-title.js';

/** Who works here, and who was invited. */
export default function Team(): ReactNode {
  useTitle('Team');
  return <h1>Team</h1>;
}
