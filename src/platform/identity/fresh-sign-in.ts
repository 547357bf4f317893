import type { EntityManager } from 'typeorm';
import { DomainError } from '../../common/errors.js';
import type { RequestContext } from '../../common/request-context.js';
import { currentSession } from './own-sessions.service.js';

const FRESH_MINUTES = 15;

/**
 * Whoever adds a way to sign in has signed in a moment ago: a browser that somebody left open, or a stolen session, must not make
 * itself at home. Throws SIGN_IN_AGAIN.
 */
export async function requireFreshSignIn(manager: EntityManager, context: RequestContext): Promise<void> {
  const [session] = await manager.query<{ fresh: boolean }[]>(
    'SELECT created_at > now() - make_interval(mins => $3) AS fresh FROM session WHERE workspace_id = $1 AND id = $2', [context.workspace, currentSession(context), FRESH_MINUTES]);
  if (!session?.fresh) throw new DomainError('SIGN_IN_AGAIN', `Sign in again first: this adds a way into your account, and your last sign-in is more than ${FRESH_MINUTES} minutes ago.`, 403);
}
