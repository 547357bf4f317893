import { useState, type ReactNode } from 'react';

/** A field for a password that is chosen, which can be looked at instead of being typed twice. */
export function NewPassword({ name = 'password', label = 'New password', email }: { name?: string; label?: string; email?: string | undefined }): ReactNode {
  const [shown, setShown] = useState(false);
  return (
    <>
      {email !== undefined && <input type="email" name="username" autoComplete="username" value={email} readOnly hidden />}
      <label>
        {label}
        <input name={name} type={shown ? 'text' : 'password'} autoComplete="new-password" required minLength={12} maxLength={200} aria-describedby={`${name}-help`} />
        <span id={`${name}-help`} className="quiet">At least 12 characters. Four words that do not belong together are easy to remember.</span>
      </label>
      <label className="choice"><input type="checkbox" checked={shown} onChange={(event) => setShown(event.target.checked)} />Show it</label>
    </>
  );
}
