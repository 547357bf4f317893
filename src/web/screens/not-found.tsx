import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Empty } from '../components/notice.js';

export function NotFound(): ReactNode {
  return <main className="page"><Empty title="There is no such page"><p><Link to="/jobs">Go to the jobs</Link></p></Empty></main>;
}
