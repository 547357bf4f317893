/** How the tokens begin with which OAuth clients call. */
export const ACCESS_TOKEN_PREFIX = 'access';
