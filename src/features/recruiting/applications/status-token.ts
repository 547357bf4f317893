import { keyedHash, sameSecret } from '../../../common/secrets.js';

export interface StatusSubject {
  readonly workspaceId: string;
  readonly applicationId: string;
}

const withHyphens = (hex: string): string => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
const macOf = (secret: string, body: string): string => keyedHash(secret, `application status ${body}`);

/** The link under which an applicant follows the application: nobody can guess it, and it can be made again, so it is not stored. */
export function formatStatusToken(secret: string, { workspaceId, applicationId }: StatusSubject): string {
  const body = `${workspaceId.replaceAll('-', '')}${applicationId.replaceAll('-', '')}`;
  return `${body}${macOf(secret, body)}`;
}

/** What the token stands for, or null where it was not made with this secret. */
export function parseStatusToken(secret: string, token: string): StatusSubject | null {
  const match = /^([0-9a-f]{32})([0-9a-f]{32})([\w-]{43})$/.exec(token);
  if (!match || !sameSecret(macOf(secret, `${match[1]!}${match[2]!}`), match[3]!)) return null;
  return { workspaceId: withHyphens(match[1]!), applicationId: withHyphens(match[2]!) };
}
