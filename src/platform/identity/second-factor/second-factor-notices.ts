/** Mails that tell the owner of an account what happened to its second factor. */
export const NOTICES = {
  on: {
    kind: 'second_factor_on', subject: 'A second factor protects your Perch account',
    text: 'From now on Perch asks for a code of your authenticator app after your password.\n\nKeep your recovery codes where you find them without your phone.',
  },
  off: {
    kind: 'second_factor_off', subject: 'The second factor of your Perch account was turned off',
    text: 'Perch no longer asks for a code after your password.',
  },
  renewed: {
    kind: 'recovery_codes_renewed', subject: 'New recovery codes for your Perch account',
    text: 'New recovery codes were made. Those that you had before no longer work.',
  },
  recovered: {
    kind: 'recovery_code_used', subject: 'A recovery code opened your Perch account',
    text: 'Somebody signed in with your password and one of your recovery codes. The code cannot be used again.',
  },
} as const;

export type Notice = keyof typeof NOTICES;

/** Closes every notice: what to do when it was somebody else. */
export const IF_NOT_YOU = 'If this was not you, change your password and tell an owner of your workspace at once.';
