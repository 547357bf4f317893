import { postAuth } from './client.js';

export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}
export const PASSKEYS = '{ passkeys { id name createdAt lastUsedAt } }';
export const RENAME_PASSKEY = 'mutation ($id: ID!, $name: String!) { renamePasskey(id: $id, name: $name) { id } }';
export const REMOVE_PASSKEY = 'mutation ($id: ID!) { removePasskey(id: $id) }';

type Library = typeof import('@simplewebauthn/browser');
interface Begun<Options> {
  readonly options: Options;
  readonly attempt: string;
}

/** Lets the device make a passkey and adds it under the name. Throws ApiError, or the browser's own error. */
export async function addPasskey(name: string): Promise<void> {
  const { startRegistration } = await import('@simplewebauthn/browser');
  const { options, attempt } = await postAuth<Begun<Parameters<Library['startRegistration']>[0]['optionsJSON']>>('passkey/registration-options');
  await postAuth('passkey/registration', { attempt, name, response: await startRegistration({ optionsJSON: options }) });
}

/** Signs in with a passkey of this device. Throws ApiError, or the browser's own error. */
export async function signInWithPasskey(workspace: string | null): Promise<void> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const { options, attempt } = await postAuth<Begun<Parameters<Library['startAuthentication']>[0]['optionsJSON']>>('passkey/sign-in-options');
  await postAuth('passkey/sign-in', { attempt, workspace, response: await startAuthentication({ optionsJSON: options }) });
}

/** What a browser's refusal means; null for what is no refusal of a browser. */
export function passkeyProblem(error: unknown): string | null {
  const name = (error as { name?: string } | null)?.name;
  if (name === 'InvalidStateError') return 'This device has a passkey for your account already.';
  if (name === 'NotAllowedError' || name === 'AbortError') return 'Nothing was done: the question was closed, took too long, or this device has no passkey for Perch.';
  return name === 'SecurityError' || name === 'NotSupportedError' ? 'This browser cannot use passkeys here.' : null;
}
