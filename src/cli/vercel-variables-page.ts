import type { Variable } from '../config/environment.schema.js';
import { sourceOf, STAGES } from '../config/variable-sources.js';

/** Set by the platform, or of no use on functions. */
const NOT_ON_FUNCTIONS = ['VERCEL', 'NODE_ENV', 'PORT', 'HOST', 'PERCH_DATA_DIR', 'PERCH_DEMO', 'PERCH_STORAGE_DIR', 'PERCH_MCP_KEY', 'TRUST_PROXY'];

function row(variable: Variable): string {
  const { name, about, secret, fallback } = variable;
  const { from, stages } = sourceOf(variable);
  return `| \`${name}\` | ${about}${fallback === null ? '' : ` Default: \`${fallback}\`.`} | ${from} | ${STAGES.map((stage) => (stages.includes(stage) ? 'yes' : '')).join(' | ')} | ${secret ? 'yes' : ''} |`;
}

const table = (variables: readonly Variable[]): string => `| Variable | Meaning | Where to get it | ${STAGES.join(' | ')} | Secret |\n|---|---|---|${STAGES.map(() => '---|').join('')}---|\n${variables.map(row).join('\n')}`;

/** The page VERCEL_ENVIRONMENT_VARIABLES.md; a test fails where the file differs from it. */
export function vercelVariablesPage(variables: readonly Variable[]): string {
  const known = variables.filter(({ name }) => !NOT_ON_FUNCTIONS.includes(name));
  return `# Environment variables on Vercel

Made from src/config/environment.schema.ts and src/config/variable-sources.ts by \`npm run document\`. Set them in Vercel, Settings, Environment Variables: preview as "Preview", staging as a
custom environment or as "Preview" of one branch, production as "Production". Give each stage its own keys and its own database, and mark secret ones as "Sensitive".
\`perch doctor --functions\` tells what is missing or wrong in a set of them.

## Needed
${table(known.filter(({ requiredOnFunctions }) => requiredOnFunctions))}

## By choice
${table(known.filter(({ requiredOnFunctions }) => !requiredOnFunctions))}
`;
}
