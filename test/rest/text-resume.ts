/** A resume that is read in a moment. */
export const textResume = (): Buffer => Buffer.from('Rita Records\nrita@example.com\n\nExperience\nBackend Engineer, Example Ltd, 2015 - 2024\nBuilt services with TypeScript and PostgreSQL.\n');
