import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

function scopes(pattern: RegExp): string[] {
  const source = fileURLToPath(new URL('../../../src', import.meta.url));
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.permissions.ts') || file.endsWith('.tools.ts'));
  return files.flatMap((file) => [...readFileSync(join(source, file), 'utf8').matchAll(pattern)].map(([, name]) => name!));
}

/** All rights to read that features declare. */
export const readingScopes = (): string[] => scopes(/definePermission\('([\w.-]+\.(?:read|payload))'/g);

/** All rights that features declare. */
export const allScopes = (): string[] => scopes(/definePermission\('([\w.-]+)'/g);
