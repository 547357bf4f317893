const PERIOD_SECONDS = 30;
const ISSUER = 'Perch';

/** The secret of an authenticator app, 160 bits in base32. */
export async function newCodeSecret(): Promise<string> {
  const { generateSecret } = await import('otplib');
  return generateSecret();
}

/** The address that an authenticator app reads from a QR code. */
export async function enrolmentAddress(secret: string, email: string): Promise<string> {
  const { generateURI } = await import('otplib');
  return generateURI({ issuer: ISSUER, label: email, secret });
}

/**
 * The time step (RFC 6238) of a code of six digits, or null where it is wrong. The steps before and after are accepted for clocks
 * that differ; none up to `after` is, so that a code works once.
 */
export async function stepOfCode(secret: string, code: string, at: Date, after: number): Promise<number | null> {
  const { verify } = await import('otplib');
  const epoch = Math.floor(at.getTime() / 1_000);
  const newest = Math.floor(epoch / PERIOD_SECONDS) + 1;
  if (!/^\d{6}$/.test(code) || after >= newest) return null;
  const result = await verify({ secret, token: code, epoch, period: PERIOD_SECONDS, epochTolerance: PERIOD_SECONDS, afterTimeStep: after });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}
