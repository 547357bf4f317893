import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SystemClock, type Clock } from '../common/clock.js';
import { processVariables, type EnvironmentSource } from '../config/environment.js';
import { checkDatabase, checkOwner } from './doctor/database-check.js';
import type { Finding } from './doctor/finding.js';
import { checkMail, checkModel, checkQStash, checkRedis, checkStorage } from './doctor/service-checks.js';
import { checkVariables, concealing } from './doctor/variables-check.js';

const USAGE = `Usage: perch doctor [--json] [--functions]

  Looks at the environment and at every service that it names, and says what to do. 1 where there is a problem.
  --functions   look at it as functions would, which have no services of their own
  --json        print the findings as JSON
`;

/** The variables whose faults make a look at the service useless: they were told already. */
interface Look {
  readonly needs: readonly string[];
  readonly look: () => Promise<readonly Finding[]>;
}

/** Everything that is found in the environment, with nothing secret in it. Services are looked at side by side. */
export async function examine(source: EnvironmentSource, onFunctions: boolean, migrations: string, clock: Clock): Promise<readonly Finding[]> {
  const { findings, environment, isRight } = checkVariables(source, onFunctions);
  const question = { environment, migrations, now: () => clock.now() };
  const looks: readonly Look[] = [
    { needs: ['DATABASE_URL'], look: () => checkDatabase(question) },
    { needs: ['DIRECT_URL'], look: () => checkOwner(question) },
    { needs: ['REDIS_URL'], look: () => checkRedis(environment) },
    { needs: ['QSTASH_', 'JOB_TRANSPORT'], look: () => checkQStash(environment) },
    { needs: ['PERCH_STORAGE', 'S3_', 'SUPABASE_'], look: () => checkStorage(environment) },
    { needs: ['SMTP_URL', 'MAIL_FROM'], look: () => checkMail(environment) },
    { needs: ['PERCH_MODEL'], look: () => checkModel(environment) },
  ];
  const seen = await Promise.all(looks.map(({ needs, look }) => (isRight(...needs) ? look() : [])));
  const conceal = concealing(source);
  return [...findings, ...seen.flat()].map(({ level, about, text, action }) => ({ level, about, text: conceal(text), action: action && conceal(action) }));
}

const line = ({ level, about, text, action }: Finding): string => `${level.padEnd(8)}${about} ${text}${action === null ? '' : `\n        what to do: ${action}`}`;

function report(findings: readonly Finding[]): string {
  const count = (level: string): number => findings.filter((finding) => finding.level === level).length;
  return `${findings.map(line).join('\n')}\n\n${count('problem')} problems, ${count('warning')} warnings, ${count('ok')} ok\n`;
}

/** `perch doctor`: what is missing or wrong in the environment and how to get it. Returns the exit code. */
export async function doctorCommand(args: readonly string[], distribution: string): Promise<number> {
  let wishes: { readonly json?: boolean; readonly functions?: boolean };
  try {
    wishes = parseArgs({ args: [...args], options: { json: { type: 'boolean' }, functions: { type: 'boolean' } } }).values;
  } catch {
    process.stderr.write(USAGE);
    return 2;
  }
  const source = processVariables();
  const onFunctions = wishes.functions === true || Boolean(source['VERCEL']);
  const findings = await examine(source, onFunctions, join(distribution, 'migrations'), new SystemClock());
  const failed = findings.some(({ level }) => level === 'problem');
  process.stdout.write(wishes.json === true ? `${JSON.stringify({ ok: !failed, findings }, null, 2)}\n` : report(findings));
  return failed ? 1 : 0;
}
