import type { ReactNode } from 'react';

/** Takes a code of an authenticator app, or also one for recovery; phones offer codes that they know. */
export function CodeField({ recovery = false, autoFocus = false }: { recovery?: boolean; autoFocus?: boolean }): ReactNode {
  return (
    <label>
      {recovery ? 'Code of the app, or a recovery code' : 'Code of six digits'}
      <input name="code" className="code" inputMode={recovery ? 'text' : 'numeric'} autoComplete="one-time-code" autoCapitalize="off" spellCheck={false}
        minLength={6} maxLength={40} required autoFocus={autoFocus} />
    </label>
  );
}
