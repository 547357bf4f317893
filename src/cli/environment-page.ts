import type { Variable } from '../config/environment.schema.js';

/** The page docs/operations/environment.md; a test fails where the file differs from it. */
export function environmentPage(variables: readonly Variable[]): string {
  const rows = variables.map(({ name, about, secret, fallback, requiredOnFunctions }) =>
    `| \`${name}\` | ${about} | ${fallback === null ? '' : `\`${fallback}\``} | ${secret ? 'yes' : ''} | ${requiredOnFunctions ? 'yes' : ''} |`);
  return `# Environment variables

Made from src/config/environment.schema.ts by \`npm run document\`.

| Variable | Meaning | Default | Secret | Required on functions |
|---|---|---|---|---|
${rows.join('\n')}
`;
}
