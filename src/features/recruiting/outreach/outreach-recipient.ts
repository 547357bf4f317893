import type { EntityManager } from 'typeorm';
import type { ApplicationStatus } from '../applications/application.entity.js';

/** Whom an application's candidate is, as far as a mail needs it. */
export interface OutreachRecipient {
  readonly candidateId: string;
  readonly status: ApplicationStatus;
  readonly displayName: string;
  readonly doNotContact: boolean;
  readonly email: string | null;
  readonly jobTitle: string;
  /** The company that hires; the workspace where it hires for itself. */
  readonly company: string;
  readonly timeZone: string;
}

const FIND = `
SELECT a.candidate_id AS "candidateId", a.status, p.display_name AS "displayName", p.do_not_contact AS "doNotContact", e.address AS email, j.title AS "jobTitle",
       coalesce(k.name, w.name) AS company, w.time_zone AS "timeZone"
FROM application a
JOIN workspace w ON w.id = a.workspace_id
JOIN candidate c ON c.id = a.candidate_id AND c.workspace_id = a.workspace_id AND c.deleted_at IS NULL
JOIN person p ON p.id = c.person_id AND p.workspace_id = c.workspace_id AND p.deleted_at IS NULL
JOIN job_opening j ON j.id = a.job_opening_id AND j.workspace_id = a.workspace_id
LEFT JOIN company k ON k.id = j.company_id AND k.workspace_id = j.workspace_id
LEFT JOIN LATERAL (SELECT address FROM person_email WHERE workspace_id = p.workspace_id AND person_id = p.id ORDER BY is_primary DESC, id LIMIT 1) e ON true
WHERE a.workspace_id = $1 AND a.id = $2`;

/** Null where the application or its candidate is gone. */
export async function findRecipient(manager: EntityManager, workspaceId: string, applicationId: string): Promise<OutreachRecipient | null> {
  const [row] = await manager.query<OutreachRecipient[]>(FIND, [workspaceId, applicationId]);
  return row ?? null;
}

/** Why the candidate must not be written to; null where nothing speaks against it. */
export function reasonNotToWrite(recipient: OutreachRecipient | null): 'gone' | 'application_closed' | 'do_not_contact' | 'no_email' | null {
  if (!recipient) return 'gone';
  if (recipient.status !== 'active') return 'application_closed';
  if (recipient.doNotContact) return 'do_not_contact';
  return recipient.email === null ? 'no_email' : null;
}
