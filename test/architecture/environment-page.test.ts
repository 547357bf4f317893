import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { environmentPage } from '../../src/cli/environment-page.js';
import { vercelVariablesPage } from '../../src/cli/vercel-variables-page.js';
import { VARIABLES } from '../../src/config/environment.schema.js';

describe('environment page', () => {
  it('is the page made from the schema', () => {
    const page = readFileSync(new URL('../../../docs/operations/environment.md', import.meta.url), 'utf8');
    expect(page).toBe(environmentPage(VARIABLES));
  });

  it('is told for Vercel too', () => {
    const page = readFileSync(new URL('../../../VERCEL_ENVIRONMENT_VARIABLES.md', import.meta.url), 'utf8');
    expect(page).toBe(vercelVariablesPage(VARIABLES));
    for (const { name } of VARIABLES.filter(({ requiredOnFunctions }) => requiredOnFunctions)) expect(page).toContain(`| \`${name}\` |`);
    expect(vercelVariablesPage([...VARIABLES, { ...VARIABLES[0]!, name: 'PLANTED' }])).toContain('PLANTED');
  });

  it('changes with the schema', () => {
    const planted = { ...VARIABLES[0]!, name: 'PLANTED' };
    expect(environmentPage([...VARIABLES, planted])).not.toBe(environmentPage(VARIABLES));
  });
});
