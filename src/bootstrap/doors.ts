/** The doors below /api; each has a file of its name in api/. */
export const DOORS = ['applications', 'auth', 'background-jobs', 'events', 'files', 'graphql', 'health', 'job-runner', 'mcp', 'scheduled-job'] as const;
