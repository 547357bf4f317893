import { z } from 'zod';
import { sessionCookie } from '../../protocols/http/cookies.js';
import { jsonResponse, type DoorResponse } from '../../protocols/http/door.js';

export const SESSION_COOKIE = '__Host-perch_session';
export const SESSION_SECONDS = 14 * 24 * 3_600;
export const TICKET_SECONDS = 300;

/** What a proven identity leads to: a session, or a ticket for the second step where the account has a second factor. */
export type SignedIn = { readonly token: string } | { readonly ticket: string };

/** `cookie` for browsers; `token` answers with the token itself, for programs. */
export const SIGN_IN_AS = z.enum(['cookie', 'token']).default('cookie');

/** The header that gives a browser its session. */
export const sessionHeader = (token: string): Readonly<Record<string, string>> => ({ 'set-cookie': sessionCookie(SESSION_COOKIE, token, SESSION_SECONDS) });

/** Tells the caller of a sign-in how it went on. */
export function signedInResponse(signedIn: SignedIn, as: z.output<typeof SIGN_IN_AS>): DoorResponse {
  if ('ticket' in signedIn) return jsonResponse(200, { secondFactor: true, ticket: signedIn.ticket, expiresIn: TICKET_SECONDS });
  if (as === 'token') return jsonResponse(200, { token: signedIn.token, expiresIn: SESSION_SECONDS });
  return jsonResponse(200, { expiresIn: SESSION_SECONDS }, sessionHeader(signedIn.token));
}
