/** What the server refused, or a connection that was lost; `message` is fit to be shown. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly retryable: boolean,
    readonly field: string | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly retryable?: boolean;
  readonly field?: string;
}

interface GraphQLAnswer<Data> extends Problem {
  readonly data?: Data;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string; readonly retryable?: boolean; readonly field?: string } }[];
}

async function send<Answer>(path: string, init: RequestInit): Promise<{ answer: Answer; ok: boolean }> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init });
  } catch {
    throw new ApiError('OFFLINE', 'Perch cannot be reached. Check the connection and try again.', true);
  }
  const answer = (await response.json().catch(() => ({ code: 'BAD_ANSWER', title: 'The server gave an answer that could not be read.', retryable: true }))) as Answer;
  return { answer, ok: response.ok };
}

const problemError = ({ code = 'UNKNOWN', title = 'Something went wrong.', retryable = false, field }: Problem): ApiError => new ApiError(code, title, retryable, field ?? null);

async function call<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const { answer, ok } = await send<Answer & Problem>(path, init);
  if (!ok) throw problemError(answer);
  return answer;
}

const json = (method: string, body: unknown): RequestInit => ({ method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Runs a GraphQL operation with the session's cookie. Throws ApiError with the first error's code and text. */
export async function graphql<Data>(query: string, variables: object = {}): Promise<Data> {
  const { answer } = await send<GraphQLAnswer<Data>>('/api/graphql', json('POST', { query, variables }));
  const [error] = answer.errors ?? [];
  if (error) throw new ApiError(error.extensions?.code ?? 'UNKNOWN', error.message, error.extensions?.retryable ?? false, error.extensions?.field ?? null);
  if (answer.data === undefined) throw problemError(answer);
  return answer.data;
}

/** Calls below /api/auth, which work before somebody is signed in. Throw ApiError. */
export const getAuth = <Answer>(path: string): Promise<Answer> => call(`/api/auth/${path}`, { method: 'GET' });
export const postAuth = <Answer>(path: string, body: object = {}): Promise<Answer> => call(`/api/auth/${path}`, json('POST', body));

/** What a password leads to: nothing more, or a second step with this ticket. */
export interface FirstStep {
  readonly ticket?: string;
}
/** `workspace` is the slug of one of several that the person belongs to. */
export const signIn = (email: string, password: string, workspace: string | null = null): Promise<FirstStep> => postAuth('sign-in', { email, password, workspace });
export const signOut = (): Promise<unknown> => postAuth('sign-out');

export const requestPasswordReset = (email: string): Promise<unknown> => call('/api/auth/password-reset-request', json('POST', { email }));
export const resetPassword = (token: string, password: string): Promise<unknown> => call('/api/auth/password-reset', json('POST', { token, password }));

export interface OpenInvitation {
  readonly email: string;
  readonly role: string;
  readonly workspace: string;
  readonly inviter: string;
  readonly expiresAt: string;
  readonly hasAccount: boolean;
  readonly signedInAs: string | null;
}
export const openInvitation = (token: string): Promise<OpenInvitation> => call('/api/auth/invitation', json('POST', { token }));

/** Answers the address and the workspace with which to sign in now. */
export const acceptInvitation = (token: string, displayName: string | null, password: string | null): Promise<{ readonly email: string; readonly workspaceSlug: string }> =>
  call('/api/auth/invitation-acceptance', json('POST', { token, displayName, password }));

export type PartState = 'works' | 'limited' | 'down';

export interface SystemStatus {
  readonly state: PartState;
  readonly readOnly: boolean;
  readonly parts: readonly { readonly name: string; readonly state: PartState }[];
  readonly checkedAt: string;
}

/** The state of Perch as strangers may know it. */
export const systemStatus = (): Promise<SystemStatus> => call('/api/health/status', { method: 'GET' });

export interface AcceptedApplication {
  readonly applicationId: string;
  readonly created: boolean;
  readonly statusToken: string;
}

/** Sends an application. The same key twice is one application, whatever happened to the first answer. */
/** Bytes from which a resume goes to the storage itself: a function takes no request of more than 4.5 MB. */
const DIRECT_FROM = 4 * 1_048_576;

interface PreparedUpload {
  readonly upload: { readonly method: string; readonly url: string; readonly headers: Readonly<Record<string, string>> };
  readonly ticket: string;
}

/** Sends the file to the storage; the ticket that stands for it, or null where the storage cannot be reached from here. */
async function uploadResume(workspace: string, file: File): Promise<string | null> {
  // Only pages of a secure origin can make a checksum.
  if (!('subtle' in crypto)) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const { upload, ticket } = await call<PreparedUpload>('/api/applications/uploads', json('POST', { workspace, size: file.size, sha256 }));
  const sent = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: file, credentials: 'omit' }).then(({ ok }) => ok, () => false);
  return sent ? ticket : null;
}

/** Sends an application with its file, a large one by way of the storage. Throws ApiError. */
export async function submitApplication(form: FormData, key: string): Promise<AcceptedApplication> {
  const [file, workspace] = [form.get('resume'), String(form.get('workspace'))];
  const ticket = file instanceof File && file.size > DIRECT_FROM ? await uploadResume(workspace, file) : null;
  if (ticket === null) return call('/api/applications', { method: 'POST', headers: { 'idempotency-key': key }, body: form });
  const values = Object.fromEntries([...form].filter(([name]) => name !== 'resume'));
  const { body, headers, ...init } = json('POST', { ...values, upload: { name: (file as File).name, ticket } });
  return call('/api/applications', { ...init, body, headers: { ...(headers as Record<string, string>), 'idempotency-key': key } });
}

export interface PublicStatus {
  readonly jobTitle: string;
  readonly status: 'received' | 'in_review' | 'hired' | 'closed';
  readonly appliedAt: string;
}

export const applicationStatus = (token: string): Promise<PublicStatus> => call(`/api/applications/status?token=${encodeURIComponent(token)}`, { method: 'GET' });

/** A new key for a request that may be sent more than once. */
export const newKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
