/** The doors below /api; each has a file of its name in api/. */
export const DOORS = ['applications', 'auth', 'background-jobs', 'events', 'files', 'graphql', 'health', 'job-runner', 'mcp', 'rest', 'scheduled-job'] as const;

export type DoorName = (typeof DOORS)[number];

/** Paths beside /api that standards give, and what answers them; vercel.json has the same. */
export const WELL_KNOWN: Readonly<Record<string, string>> = { '/.well-known/oauth-authorization-server': '/api/auth/authorization-server' };

/** The door that a path below /api leads to, or null: its first part, and /api/v1 is the door `rest`. */
export function doorOf(path: string): DoorName | null {
  const name = /^\/api\/([a-z0-9-]+)(?:\/|$)/.exec(path)?.[1];
  return name === 'v1' ? 'rest' : (DOORS.find((door) => door === name) ?? null);
}
