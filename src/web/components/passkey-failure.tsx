import type { ReactNode } from 'react';
import { passkeyProblem } from '../api/passkeys.js';
import { Failure } from './notice.js';

/** What went wrong with a passkey, in the browser or in Perch. */
export function PasskeyFailure({ error }: { error: unknown }): ReactNode {
  const problem = passkeyProblem(error);
  return problem === null ? <Failure error={error} /> : <div className="notice notice-bad" role="alert"><p>{problem}</p></div>;
}
