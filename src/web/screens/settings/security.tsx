import type { ReactNode } from 'react';
import { useTitle } from '../../components/use-title.js';

/** How the viewer signs in, and where. */
export default function Security(): ReactNode {
  useTitle('Security');
  return <h1>Security</h1>;
}
