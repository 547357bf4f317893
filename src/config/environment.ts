import { parseMailAddress, type MailAddress } from '../common/mail-address.js';
import { parseKeyList } from './key-list.js';
import { planProblems, readTransportPlan, transportsOf, type TransportPlan } from './job-transport.js';
import { languageModelProblems, readLanguageModel, type LanguageModelSettings } from './language-model.js';
import { objectStorageProblems, readObjectStorage, type ObjectStorageSettings } from './object-storage.js';
import { readSignIn, type SignInSettings } from './sign-in.js';
import { parseUsageNumbers, type UsageNumbers } from './usage.js';
import { VARIABLES, type Variable } from './environment.schema.js';

export type EnvironmentSource = Readonly<Record<string, string | undefined>>;

/** All settings, typed and checked. Null means absent. */
export interface Environment extends SignInSettings {
  readonly production: boolean;
  readonly onFunctions: boolean;
  readonly port: number;
  readonly host: string;
  readonly dataDirectory: string;
  readonly publicUrl: string | null;
  /** Pattern of the origins of previews. */
  readonly previewOrigin: string | null;
  readonly secret: string | null;
  /** The first key seals stored secrets, all of them open one; none where one is made from the secret. */
  readonly sealingKeys: readonly Buffer[];
  readonly demo: boolean;
  readonly databaseUrl: string | null;
  readonly directUrl: string | null;
  /** Whether nothing is to be written. */
  readonly readOnly: boolean;
  readonly databasePoolSize: number;
  /** Whether the server keeps prepared statements for a connection: with no pooler between, or one that knows of them. */
  readonly databasePrepares: boolean;
  readonly redisUrl: string | null;
  readonly jobTransport: TransportPlan;
  /** Deliveries at a time by QStash for each priority; null where it decides. */
  readonly qstashParallelism: { readonly high: number; readonly normal: number; readonly low: number } | null;
  readonly qstashUrl: string | null;
  readonly qstashToken: string | null;
  readonly qstashCurrentSigningKey: string | null;
  readonly qstashNextSigningKey: string | null;
  readonly smtpUrl: string | null;
  readonly mailFrom: MailAddress | null;
  /** US dollars that language models may cost: in one run, and in a workspace's calendar month. */
  readonly modelBudgets: { readonly run: number; readonly month: number };
  readonly languageModel: LanguageModelSettings;
  readonly objectStorage: ObjectStorageSettings;
  readonly mcpKey: string | null;
  readonly cronSecret: string | null;
  /** Milliseconds that one invocation may spend on background jobs. */
  readonly jobBudget: number;
  /** Milliseconds after which a stream of events closes itself, and of silence after which it shows that it is alive. */
  readonly streamLimit: number;
  readonly streamHeartbeat: number;
  readonly telemetryEndpoint: string | null;
  readonly metricsToken: string | null;
  readonly sentryDsn: string | null;
  /** Bytes of background jobs that have ended that a workspace may keep. */
  readonly jobHistoryBytes: number;
  /** In the units of usage.ts: what a workspace may use in a month before somebody is warned, and what it is thought to cost. */
  readonly usage: { readonly limits: UsageNumbers; readonly prices: UsageNumbers };
  /** The first key seals backups, all of them open one; none where there is no daily backup. */
  readonly backupKeys: readonly Buffer[];
  readonly backupKeepDays: number;
  readonly alertWebhookUrl: string | null;
  readonly alertEmail: MailAddress | null;
  /** Origins that members may have requests sent to although they are not public. */
  readonly outboundAllowedOrigins: readonly string[];
  readonly trustProxy: boolean;
  readonly logLevel: LogLevel;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Every problem of an environment at once, each with the variable's name and what it is for. */
export class EnvironmentError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'EnvironmentError';
  }
}

/** The plan of a source; the default one where it cannot be read, which is a problem of its own. */
function planOf(source: EnvironmentSource): TransportPlan {
  const plan = readTransportPlan(source['JOB_TRANSPORT'] || 'qstash');
  return Array.isArray(plan) ? { fallback: { primary: 'qstash', shadow: null }, byJob: new Map() } : plan;
}

/** Everything that keeps Perch from starting with these variables; each begins with the name of the variable. */
export function environmentProblems(source: EnvironmentSource, onFunctions: boolean): string[] {
  const plan = planOf(source);
  const isMissing = ({ name, requiredOnFunctions, requiredBy }: Variable): boolean =>
    (onFunctions && requiredOnFunctions && (!name.startsWith('QSTASH_') || transportsOf(plan).has('qstash'))) || (requiredBy !== null && Boolean(source[requiredBy]));
  const problems = VARIABLES.flatMap((variable) => {
    const value = source[variable.name];
    if (value === undefined || value === '') return isMissing(variable) ? [`${variable.name} is missing. ${variable.about}`] : [];
    const problem = variable.check(value);
    return problem === null ? [] : [`${variable.name} ${problem}. ${variable.about}`];
  });
  return [
    ...problems,
    ...planProblems(plan, source['REDIS_URL'] || null, onFunctions).map((problem) => `JOB_TRANSPORT ${problem}.`),
    ...languageModelProblems((name) => source[name] || null),
    ...objectStorageProblems((name) => source[name] || null, onFunctions),
  ];
}

function laneParallelism(value: string | null): Environment['qstashParallelism'] {
  if (value === null) return null;
  const [high, normal, low] = value.split(',').map(Number) as [number, number, number];
  return { high, normal, low };
}

/** Reads and checks the settings. Throws EnvironmentError with all problems together. */
export function readEnvironment(source: EnvironmentSource): Environment {
  const onFunctions = Boolean(source['VERCEL']);
  const problems = environmentProblems(source, onFunctions);
  if (problems.length > 0) throw new EnvironmentError(problems);
  return settingsOf(source, onFunctions);
}

/** Where it is told what goes on in Perch. */
const observationOf = (get: (name: string) => string | null): Pick<Environment, 'telemetryEndpoint' | 'metricsToken' | 'sentryDsn' | 'alertWebhookUrl' | 'alertEmail' | 'logLevel'> => ({
  telemetryEndpoint: get('OTEL_EXPORTER_OTLP_ENDPOINT'),
  metricsToken: get('METRICS_TOKEN'),
  sentryDsn: get('SENTRY_DSN'),
  alertWebhookUrl: get('ALERT_WEBHOOK_URL'),
  alertEmail: parseMailAddress(get('ALERT_EMAIL') ?? ''),
  logLevel: get('LOG_LEVEL') as LogLevel,
});

/** The settings of variables that are right where they are set; those that are missing are null or their default. */
export function settingsOf(source: EnvironmentSource, onFunctions: boolean): Environment {
  const get = (name: string): string | null => {
    const variable = VARIABLES.find((candidate) => candidate.name === name);
    if (!variable) throw new Error(`${name} is not declared in environment.schema.ts.`);
    return source[name] || variable.fallback;
  };
  return {
    production: get('NODE_ENV') === 'production',
    onFunctions,
    port: Number(get('PORT')),
    host: get('HOST')!,
    dataDirectory: get('PERCH_DATA_DIR')!,
    publicUrl: get('PERCH_PUBLIC_URL'),
    previewOrigin: get('PERCH_PREVIEW_ORIGIN'),
    secret: get('PERCH_SECRET'),
    sealingKeys: parseKeyList(get('PERCH_SEALING_KEY') ?? '') ?? [],
    demo: get('PERCH_DEMO') === 'true',
    databaseUrl: get('DATABASE_URL'),
    directUrl: get('DIRECT_URL'),
    readOnly: get('PERCH_READ_ONLY') === 'true',
    databasePoolSize: Number(get('DATABASE_POOL_SIZE')),
    databasePrepares: get('DATABASE_PREPARES') === 'true',
    redisUrl: get('REDIS_URL'),
    jobTransport: planOf(source),
    qstashParallelism: laneParallelism(get('QSTASH_PARALLELISM')),
    qstashUrl: get('QSTASH_URL'),
    qstashToken: get('QSTASH_TOKEN'),
    qstashCurrentSigningKey: get('QSTASH_CURRENT_SIGNING_KEY'),
    qstashNextSigningKey: get('QSTASH_NEXT_SIGNING_KEY'),
    smtpUrl: get('SMTP_URL'),
    mailFrom: parseMailAddress(get('MAIL_FROM') ?? ''),
    modelBudgets: { run: Number(get('PERCH_MODEL_RUN_BUDGET')), month: Number(get('PERCH_MODEL_MONTH_BUDGET')) },
    languageModel: readLanguageModel(get),
    objectStorage: readObjectStorage(get),
    ...readSignIn(get),
    mcpKey: get('PERCH_MCP_KEY'),
    cronSecret: get('CRON_SECRET'),
    jobBudget: Number(get('PERCH_JOB_BUDGET_SECONDS')) * 1_000,
    streamLimit: Number(get('PERCH_STREAM_SECONDS')) * 1_000,
    streamHeartbeat: Number(get('PERCH_STREAM_HEARTBEAT_SECONDS')) * 1_000,
    jobHistoryBytes: Number(get('JOB_HISTORY_MEGABYTES')) * 1_000_000,
    usage: { limits: parseUsageNumbers(get('PERCH_USAGE_LIMITS') ?? '') ?? {}, prices: parseUsageNumbers(get('PERCH_USAGE_PRICES')!)! },
    backupKeys: parseKeyList(get('BACKUP_KEY') ?? '') ?? [],
    backupKeepDays: Number(get('BACKUP_KEEP_DAYS')),
    outboundAllowedOrigins: get('PERCH_OUTBOUND_ALLOWED_ORIGINS')?.split(',') ?? [],
    trustProxy: onFunctions || get('TRUST_PROXY') === 'true',
    ...observationOf(get),
  };
}

/** The key of what is signed here. Throws where it is missing: a signature under an empty key would be worth nothing. */
export function requiredSecret({ secret }: Pick<Environment, 'secret'>): string {
  if (secret === null) throw new Error('PERCH_SECRET is missing.');
  return secret;
}

/** The settings of this process. Local services may add to process.env before the first call. */
export const processEnvironment = (): Environment => readEnvironment(process.env);

/** The variables of this process as they are, for those who look what is wrong with them. */
export const processVariables = (): EnvironmentSource => ({ ...process.env });

/** Lets the laptop mode hand what it started to the rest of the process; the only place that writes process.env. */
export function provideEnvironment(values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) process.env[name] ??= value;
}

/** What a child process is given: this process's environment with additions. */
export const childEnvironment = (values: Readonly<Record<string, string>>): Record<string, string | undefined> => ({ ...process.env, ...values });

/** Where this process finds programs; the one thing that the embedded PostgreSQL inherits. */
export const searchPath = (): string => process.env['PATH'] ?? '';
