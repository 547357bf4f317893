import { parseMailAddress } from '../common/mail-address.js';
import { parseKeyList } from './key-list.js';
import { readTransportPlan } from './job-transport.js';
import { MODEL_PROVIDERS } from './language-model.js';
import { STORAGE_KINDS } from './object-storage.js';
import { EMAIL_PROOFS, parseEmailDomains } from './sign-in.js';
import { parseUsageNumbers } from './usage.js';
import { isSafeUrl } from '../common/safe-url.js';

/** How one environment variable is read. Each is declared here once; docs/operations/environment.md is made from this list. */
export interface Variable {
  readonly name: string;
  /** One sentence for the engineer who deploys Perch. */
  readonly about: string;
  readonly secret: boolean;
  /** Value when unset; null means that the feature behind it is off or that the laptop mode provides it. */
  readonly fallback: string | null;
  /** Must be set when running on functions, where nothing can be provided locally. */
  readonly requiredOnFunctions: boolean;
  /** Name of the variable that is of no use without this one. */
  readonly requiredBy: string | null;
  /** Says what is wrong with a value, or null when it is right. */
  readonly check: (value: string) => string | null;
}

const anyText = (): null => null;
const integer = (low: number, high: number) => (value: string): string | null =>
  /^\d+$/.test(value) && Number(value) >= low && Number(value) <= high ? null : `must be a whole number from ${low} to ${high}`;
const atLeast = (length: number) => (value: string): string | null =>
  value.length >= length ? null : `must be at least ${length} characters long`;
const oneOf = (...values: string[]) => (value: string): string | null =>
  values.includes(value) ? null : `must be one of ${values.join(', ')}`;
const transportPlan = (value: string): string | null => {
  const plan = readTransportPlan(value);
  return Array.isArray(plan) ? plan.join(', and ') : null;
};
const threeLanes = (value: string): string | null =>
  /^[1-9]\d{0,3}(,[1-9]\d{0,3}){2}$/.test(value) ? null : 'must be three whole numbers from 1 to 9999, separated by commas';
const url = (...protocols: string[]) => (value: string): string | null => {
  if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return null;
  return `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
};

const mailAddress = (value: string): string | null =>
  parseMailAddress(value) ? null : 'must be an address like jobs@example.com or Perch <jobs@example.com>';

const safeUrl = (value: string): string | null => (isSafeUrl(value) ? null : 'must be a URL that starts with https://, or http:// on this machine');

/** An address to which a key is sent in a header; one that is part of the address would end up in messages. */
const baseUrl = (value: string): string | null => {
  const problem = safeUrl(value);
  if (problem !== null) return problem;
  const { username, password, search, hash } = new URL(value);
  return username + password + search + hash === '' ? null : 'must hold neither a password nor what follows ? or #';
};

const isOrigin = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
const origins = (value: string): string | null =>
  value.split(',').every(isOrigin) ? null : 'must be origins like http://127.0.0.1:4000, in small letters and without a slash at the end, separated by commas';

const price = (value: string): string | null =>
  /^\d{1,6}(\.\d{1,6})?$/.test(value) ? null : 'must be US dollars per million tokens, like 0.25';

const dollars = (value: string): string | null => (/^\d{1,6}(\.\d{1,6})?$/.test(value) ? null : 'must be US dollars, like 2.50');

const headerValue = (value: string): string | null => (/^[\x21-\x7e]{1,500}$/.test(value) ? null : 'must be letters, digits and signs without blanks');
const bucketName = (value: string): string | null => (/^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$/.test(value) ? null : 'must be the name of a bucket');
const regionName = (value: string): string | null => (/^[a-z0-9-]{1,40}$/.test(value) ? null : 'must be small letters, digits and hyphens');
const modelName = (value: string): string | null => (/^[\w.:@/-]{1,200}$/.test(value) ? null : 'must be a name without blanks');

const keyList = (value: string): string | null => (parseKeyList(value) ? null : 'must be keys of 32 bytes in base64, separated by commas');

const sentryDsn = (value: string): string | null => (/^https?:\/\/\w+@[\w.-]+(:\d+)?\/(.+\/)?\d+$/.test(value) ? null : 'must be like https://key@sentry.example.com/42');

const usageNumbers = (value: string): string | null => (parseUsageNumbers(value) ? null : 'must be like jobs=100000,mails=5000,storage=10,modelTokens=5');

/** One star may stand for a part of the host name that has no dot. */
const previewOrigin = (value: string): string | null =>
  (/^https:\/\/(?=[^*]*\*?[^*]*$)[a-z0-9*-]+(\.[a-z0-9-]+){2,}$/.test(value) ? null : 'must be like https://perch-*-team.vercel.app, with one star in its first part at most');

const emailDomains = (value: string): string | null => (parseEmailDomains(value) ? null : 'must be domains like example.com, separated by commas');

const declare = (name: string, about: string, options: Partial<Variable> = {}): Variable => ({
  name, about, secret: false, fallback: null, requiredOnFunctions: false, requiredBy: null, check: anyText, ...options,
});

export const VARIABLES: readonly Variable[] = [
  declare('NODE_ENV', 'production hides details of the GraphQL schema and requires secure cookies.', { fallback: 'development', check: oneOf('production', 'development', 'test') }),
  declare('PORT', 'Port of the ordinary process.', { fallback: '3000', check: integer(0, 65_535) }),
  declare('HOST', 'Address that the ordinary process listens on.', { fallback: '127.0.0.1' }),
  declare('PERCH_DATA_DIR', 'Folder of the embedded database and the local secrets.', { fallback: '.perch' }),
  declare('PERCH_PUBLIC_URL', 'Address under which people and QStash reach Perch, without a slash at the end.', { requiredOnFunctions: true, check: url('http:', 'https:') }),
  declare('PERCH_PREVIEW_ORIGIN', 'Origin of previews, like https://perch-*-team.vercel.app, whose pages may call this one with a token; one star stands for letters, digits and hyphens.', { check: previewOrigin }),
  declare('PERCH_SECRET', 'Key of the links that applicants get; at least 32 characters. Changing it makes old links dead.', { secret: true, requiredOnFunctions: true, check: atLeast(32) }),
  declare('PERCH_SEALING_KEY', 'Key that stored secrets are sealed with, 32 bytes in base64 (`openssl rand -base64 32`). To change it put the new one in front, separated by a comma; after a day the old one is of no use. Unset: a key made from PERCH_SECRET.', { secret: true, check: keyList }),
  declare('PERCH_DEMO', 'Whether the ordinary process fills an empty database with a demo workspace.', { fallback: 'true', check: oneOf('true', 'false') }),
  declare('DATABASE_URL', 'PostgreSQL for requests and jobs, through a pooler where there is one. Unset: an embedded server.', { secret: true, requiredOnFunctions: true, check: url('postgres:', 'postgresql:') }),
  declare('DIRECT_URL', 'PostgreSQL as the owner of the tables, without a pooler; only migrations and backups use it.', { secret: true, check: url('postgres:', 'postgresql:') }),
  declare('PERCH_READ_ONLY', 'Whether Perch only shows what it holds: true while its database is moved or mended. Jobs and applications wait for the end of it.', { fallback: 'false', check: oneOf('true', 'false') }),
  declare('DATABASE_POOL_SIZE', 'Connections that one process may hold.', { fallback: '5', check: integer(2, 100) }),
  declare('DATABASE_PREPARES', 'Whether statements may be prepared: true without a pooler, or with one that keeps prepared statements; jobs then cost less. The embedded server sets it.', { fallback: 'false', check: oneOf('true', 'false') }),
  declare('REDIS_URL', 'Redis as an accelerator of rate limits and for the transport bullmq; may be absent.', { secret: true, check: url('redis:', 'rediss:') }),
  declare('JOB_TRANSPORT', 'How background jobs travel: qstash, bullmq or in-process, for single jobs as in `qstash,sendMail=bullmq`; `mirror:qstash+bullmq` runs a shadow beside.', { fallback: 'qstash', check: transportPlan }),
  declare('QSTASH_PARALLELISM', 'Deliveries at a time for jobs of high, normal and low priority, like `20,10,5`, as flow control of QStash; within what its plan allows. Unset: no flow control.', { check: threeLanes }),
  declare('QSTASH_URL', 'Address of QStash. Unset: the ordinary process starts its own server.', { check: url('http:', 'https:') }),
  declare('QSTASH_TOKEN', 'Token with which jobs are published.', { secret: true, requiredOnFunctions: true }),
  declare('QSTASH_CURRENT_SIGNING_KEY', 'Key that signs deliveries of jobs.', { secret: true, requiredOnFunctions: true }),
  declare('QSTASH_NEXT_SIGNING_KEY', 'Key that will sign deliveries after a rotation.', { secret: true, requiredOnFunctions: true }),
  declare('SMTP_URL', 'Mail server, smtp:// or smtps:// with user and password. Unset: mails are only kept on the outbox page.', { secret: true, check: url('smtp:', 'smtps:') }),
  declare('MAIL_FROM', 'Sender of all mails, for example "Perch <jobs@example.com>"; must be set with SMTP_URL.', { requiredBy: 'SMTP_URL', check: mailAddress }),
  declare('PERCH_MODEL_PROVIDER', 'Which language model writes: rules (none; fixed rules), openai-compatible (any server with /chat/completions) or google.', { fallback: 'rules', check: oneOf(...MODEL_PROVIDERS) }),
  declare('PERCH_MODEL', 'Name of the model as its provider knows it.', { check: modelName }),
  declare('PERCH_MODEL_BASE_URL', 'Address of the provider, for openai-compatible up to /v1; https, or http on this machine. Unset with google: its own.', { check: baseUrl }),
  declare('PERCH_MODEL_API_KEY', 'Key of the provider; a server on this machine needs none.', { secret: true, check: headerValue }),
  declare('PERCH_MODEL_PRICE_INPUT', 'US dollars per million tokens that the model reads, instead of the known price.', { requiredBy: 'PERCH_MODEL_PRICE_OUTPUT', check: price }),
  declare('PERCH_MODEL_PRICE_OUTPUT', 'US dollars per million tokens that the model writes, instead of the known price.', { requiredBy: 'PERCH_MODEL_PRICE_INPUT', check: price }),
  declare('PERCH_MODEL_RUN_BUDGET', 'US dollars that the language model may cost in one run.', { fallback: '1', check: dollars }),
  declare('PERCH_MODEL_MONTH_BUDGET', 'US dollars that the language model may cost a workspace in a calendar month (UTC).', { fallback: '100', check: dollars }),
  declare('PERCH_STORAGE', 'Where files are kept: database (up to 32 MB each), disk (a folder of this machine), s3 (any storage with its protocol) or supabase.', { fallback: 'database', check: oneOf(...STORAGE_KINDS) }),
  declare('PERCH_STORAGE_DIR', 'Folder for the storage disk. Unset: objects, in the data folder.'),
  declare('S3_ENDPOINT', 'Address of the storage s3 without the bucket, like https://s3.eu-central-1.amazonaws.com; https, or http on this machine.', { check: baseUrl }),
  declare('S3_REGION', 'Region that requests to the storage s3 are signed for; us-east-1 suits storages without regions.', { fallback: 'us-east-1', check: regionName }),
  declare('S3_BUCKET', 'Bucket of the storage s3; it must not be public.', { check: bucketName }),
  declare('S3_ACCESS_KEY_ID', 'Name of the key of the storage s3.', { check: headerValue }),
  declare('S3_SECRET_ACCESS_KEY', 'Key of the storage s3; it may read, write, delete and list the bucket.', { secret: true, check: headerValue }),
  declare('SUPABASE_URL', 'Address of the Supabase project; https, or http on this machine.', { check: baseUrl }),
  declare('SUPABASE_BUCKET', 'Bucket of the storage supabase; it must not be public.', { check: bucketName }),
  declare('SUPABASE_SERVICE_KEY', 'Secret key (service_role) of the Supabase project; it never reaches a browser.', { secret: true, check: headerValue }),
  declare('TOKEN_ISSUER', 'Issuer whose bearer tokens (JWT) open Perch for the member with their address, as it stands in `iss`; Supabase: https://PROJECT.supabase.co/auth/v1.', { check: baseUrl }),
  declare('TOKEN_JWKS_URL', 'Where the issuer publishes its keys (ES256 or RS256). Unset: /.well-known/jwks.json below TOKEN_ISSUER.', { check: safeUrl }),
  declare('TOKEN_AUDIENCE', 'What `aud` of these tokens has to hold.', { fallback: 'authenticated' }),
  declare('TOKEN_SECRET', 'Secret with which the issuer signs by HS256; at least 32 characters. Unset: such tokens are refused.', { secret: true, check: atLeast(32) }),
  declare('TOKEN_EMAILS', 'How an address in these tokens is known to be their holder\'s: verified-claim (`email_verified` is true), or confirmed-by-issuer (it gives tokens for no other; Supabase with "Confirm email").', { fallback: 'verified-claim', check: oneOf(...EMAIL_PROOFS) }),
  declare('OIDC_ISSUER', 'Issuer of OpenID Connect with whose accounts people sign in, like https://accounts.google.com. Unset: there is no such button.', { check: baseUrl }),
  declare('OIDC_CLIENT_ID', 'Name of Perch at that issuer.', { requiredBy: 'OIDC_ISSUER', check: headerValue }),
  declare('OIDC_CLIENT_SECRET', 'Secret of Perch at that issuer.', { secret: true, requiredBy: 'OIDC_ISSUER', check: headerValue }),
  declare('OIDC_LABEL', 'What the button on the sign-in page says.', { fallback: 'Sign in with your company account' }),
  declare('OIDC_EMAIL_DOMAINS', 'Domains of the addresses that may sign in that way, separated by commas. Unset: all.', { check: emailDomains }),
  declare('PERCH_MCP_KEY', 'API key, or token of a session, under whose rights `perch mcp` works.', { secret: true, check: headerValue }),
  declare('CRON_SECRET', 'Bearer token that the daily call of /api/scheduled-job must carry; at least 16 characters.', { secret: true, requiredOnFunctions: true, check: atLeast(16) }),
  declare('PERCH_JOB_BUDGET_SECONDS', 'Seconds that one invocation may spend on background jobs; below the maxDuration of the platform, which is 60 in vercel.json.', { fallback: '50', check: integer(8, 900) }),
  declare('PERCH_STREAM_SECONDS', 'Seconds after which a stream of events closes itself and the browser comes back for the rest; about 10 below the maxDuration of the platform.', { fallback: '50', check: integer(1, 3_600) }),
  declare('PERCH_STREAM_HEARTBEAT_SECONDS', 'Seconds of silence after which a stream of events shows that it is alive.', { fallback: '15', check: integer(1, 300) }),
  declare('JOB_HISTORY_MEGABYTES', 'Megabytes that a workspace may keep of background jobs that have ended; the daily clean-up deletes log lines, then the oldest jobs, until they fit.', { fallback: '500', check: integer(1, 1_000_000) }),
  declare('PERCH_USAGE_LIMITS', 'What a workspace may use in a month before its administrators are warned, like `jobs=100000,mails=5000,storage=10,modelTokens=5` (gigabytes, millions of tokens). Nothing is refused.', { check: usageNumbers }),
  declare('PERCH_USAGE_PRICES', 'US dollars for the estimate of costs: for 1,000 jobs, 1,000 mails, a gigabyte and month, a million tokens. What the provider of the model bills counts instead where it is known.', { fallback: 'jobs=0.01,mails=0.1,storage=0.023,modelTokens=1', check: usageNumbers }),
  declare('BACKUP_KEY', 'Key that backups are sealed with, 32 bytes in base64 (`openssl rand -base64 32`); older keys may follow after commas. Keep a copy elsewhere: without it no backup can be opened. Unset: no daily backup.', { secret: true, check: keyList }),
  declare('BACKUP_KEEP_DAYS', 'Days for which one daily backup each is kept; the newest one that was read back is never deleted.', { fallback: '7', check: integer(1, 365) }),
  declare('ALERT_WEBHOOK_URL', 'Address that is sent a JSON message when a background job fails for good or the sweep stands still; https, or http on this machine.', { secret: true, check: safeUrl }),
  declare('ALERT_EMAIL', 'Address that is sent a mail for the same reasons.', { check: mailAddress }),
  declare('PERCH_OUTBOUND_ALLOWED_ORIGINS', 'Origins that webhooks may reach although they are not of the public internet or not https, like http://10.0.0.5:4000, separated by commas; for receivers in the network of a self-hosted Perch.', { check: origins }),
  declare('TRUST_PROXY', 'Whether X-Forwarded-For and X-Real-IP are believed; true behind Vercel or another proxy of yours.', { fallback: 'false', check: oneOf('true', 'false') }),
  declare('OTEL_EXPORTER_OTLP_ENDPOINT', 'Where traces and metrics are sent over OTLP/HTTP. Unset: nowhere, and nothing for it is loaded.', { check: url('http:', 'https:') }),
  declare('METRICS_TOKEN', 'Bearer token with which /api/health/metrics is read in OpenMetrics; at least 16 characters. Unset: no numbers are kept.', { secret: true, check: atLeast(16) }),
  declare('SENTRY_DSN', 'Where errors of Perch itself are reported, as Sentry gives it to a project. Unset: nowhere, and nothing for it is loaded.', { secret: true, check: sentryDsn }),
  declare('LOG_LEVEL', 'Least severe level that is logged.', { fallback: 'info', check: oneOf('debug', 'info', 'warn', 'error', 'silent') }),
  declare('VERCEL', 'Set by the platform; turns the laptop mode off.', {}),
];
