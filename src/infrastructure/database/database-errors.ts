interface PostgresError {
  readonly code?: string;
  readonly constraint?: string;
}

const causeOf = (error: unknown): PostgresError => ((error as { driverError?: PostgresError }).driverError ?? (error as PostgresError | null) ?? {});

/** Whether the statement failed because a value must be unique; with a name, only for that index or constraint. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const { code, constraint: found } = causeOf(error);
  return code === '23505' && (constraint === undefined || found === constraint);
}

/** Whether PostgreSQL ended this transaction because it and another waited for each other. */
export const isDeadlock = (error: unknown): boolean => causeOf(error).code === '40P01';

/** Whether the database refused the connection or lost it: the same request may succeed in a moment. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const { code } = causeOf(error);
  if (code !== undefined) return /^(08|57P0|53|25P03)/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND'].includes(code);
  return error instanceof Error && /Connection terminated|timeout exceeded when trying to connect/.test(error.message);
}

/** Whether the server refuses whatever writes: it follows another one, or was told to. */
export const isReadOnlyServer = (error: unknown): boolean => causeOf(error).code === '25006';

/** Whether the server itself refused the statement, so that nothing of its transaction was kept; a lost connection leaves that open. */
export function isDefinitelyUndone(error: unknown): boolean {
  const { code } = causeOf(error);
  return code !== undefined && /^(?!08|57)[0-9PX][0-9A-Z]{4}$/.test(code);
}
