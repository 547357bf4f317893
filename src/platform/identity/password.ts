import type { Options } from '@node-rs/argon2';

/** OWASP's first choice for argon2id: 19 MiB of memory, 2 passes, 1 lane. The enum's value 2 is argon2id. */
const PARAMETERS: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A hash of some password, so that an unknown user costs as much time as a wrong password. */
let placeholder: Promise<string> | null = null;

export async function hashPassword(password: string): Promise<string> {
  const { hash } = await import('@node-rs/argon2');
  return hash(password, PARAMETERS);
}

/** Whether the password belongs to the hash. Takes the same time where there is no hash. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  const { verify } = await import('@node-rs/argon2');
  placeholder ??= hashPassword('placeholder');
  const matches = await verify(stored ?? (await placeholder), password);
  return matches && stored !== null;
}
