import { DomainError } from '../../common/errors.js';

/** Why nothing can be written: the deployer's switch, or a server that only follows another. */
export type ReadOnlyReason = 'switch' | 'replica';

const RETRY_AFTER_SECONDS = 60;

export const readOnlyError = (): DomainError =>
  new DomainError('READ_ONLY', 'Perch can only be read at the moment, because its database is being looked after. Nothing was changed; try again in a few minutes.', 503, true, { retryAfter: RETRY_AFTER_SECONDS });
