import type { ReactNode } from 'react';
import { useTitle } from '../../components/use-title.js';

/** Keys with which programs work in Perch. */
export default function ApiKeys(): ReactNode {
  useTitle('API keys');
  return <h1>API keys</h1>;
}
