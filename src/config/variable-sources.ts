import type { Variable } from './environment.schema.js';

/** Stages of a deployment: a branch, the rehearsal and what people use. */
export const STAGES = ['preview', 'staging', 'production'] as const;
export type Stage = (typeof STAGES)[number];

/** Where the value of a variable comes from, and which stages need it. */
export interface VariableSource {
  readonly from: string;
  readonly stages: readonly Stage[];
}

const EVERYWHERE: readonly Stage[] = STAGES;
const WHERE_PEOPLE_ARE: readonly Stage[] = ['staging', 'production'];
const QSTASH = 'Upstash console, QStash, "Quickstart" (the integration of the Vercel Marketplace sets it).';
const S3 = 'Console of the storage, access keys of the one bucket.';
const SUPABASE = 'Supabase, Project Settings, API.';
const OIDC = 'Console of the identity provider, the registration of Perch as a web application (docs/operations/sign-in.md).';
const MODEL = 'Console of the provider of the language model.';

const from = (text: string, stages: readonly Stage[] = EVERYWHERE): VariableSource => ({ from: text, stages });

const KNOWN: Readonly<Record<string, VariableSource>> = {
  NODE_ENV: from('Vercel sets it; elsewhere set production.'),
  PERCH_PUBLIC_URL: from('The domain of the project, https:// and without a slash at the end (Vercel, Settings, Domains).'),
  PERCH_PREVIEW_ORIGIN: from('The addresses that Vercel gives to previews of the project.', ['production']),
  PERCH_SECRET: from('Make it: `openssl rand -hex 32`; another one for each stage.'),
  PERCH_SEALING_KEY: from('Make it: `openssl rand -base64 32`; another one for each stage.', WHERE_PEOPLE_ARE),
  CRON_SECRET: from('Make it: `openssl rand -hex 32`; Vercel sends it with its daily call.'),
  DATABASE_URL: from('Provider of the database, the pooled address (Neon: "Pooled connection"; Supabase: "Transaction pooler"), with a login that `perch migrate up` makes.'),
  DIRECT_URL: from('Provider of the database, the direct address of the owner; on functions only the daily backup needs it.'),
  REDIS_URL: from('Provider of Redis, the address that starts with rediss://; may be left out.', WHERE_PEOPLE_ARE),
  QSTASH_URL: from('Upstash console, QStash; only where the region is not the usual one.'),
  QSTASH_TOKEN: from(QSTASH),
  QSTASH_CURRENT_SIGNING_KEY: from(QSTASH),
  QSTASH_NEXT_SIGNING_KEY: from(QSTASH),
  SMTP_URL: from('Provider of mail, its SMTP settings as smtps://user:password@host:465.', WHERE_PEOPLE_ARE),
  MAIL_FROM: from('An address of a domain that the provider of mail has verified.', WHERE_PEOPLE_ARE),
  TOKEN_ISSUER: from('Supabase, Project Settings, API: the address of the project and /auth/v1; other issuers: their settings.', WHERE_PEOPLE_ARE),
  TOKEN_SECRET: from('Supabase, Project Settings, JWT Keys: the legacy secret; only where tokens are still signed with it.', WHERE_PEOPLE_ARE),
  OIDC_ISSUER: from(OIDC, WHERE_PEOPLE_ARE),
  OIDC_CLIENT_ID: from(OIDC, WHERE_PEOPLE_ARE),
  OIDC_CLIENT_SECRET: from(OIDC, WHERE_PEOPLE_ARE),
  PERCH_MODEL: from(MODEL, WHERE_PEOPLE_ARE),
  PERCH_MODEL_BASE_URL: from(MODEL, WHERE_PEOPLE_ARE),
  PERCH_MODEL_API_KEY: from(MODEL, WHERE_PEOPLE_ARE),
  S3_ENDPOINT: from(S3),
  S3_BUCKET: from(S3),
  S3_ACCESS_KEY_ID: from(S3),
  S3_SECRET_ACCESS_KEY: from(S3),
  SUPABASE_URL: from(SUPABASE),
  SUPABASE_BUCKET: from('Supabase, Storage: a bucket that is not public.'),
  SUPABASE_SERVICE_KEY: from(SUPABASE),
  BACKUP_KEY: from('Make it: `openssl rand -base64 32`, and keep a copy elsewhere.', WHERE_PEOPLE_ARE),
  ALERT_WEBHOOK_URL: from('Chat or pager, an incoming webhook.', WHERE_PEOPLE_ARE),
  ALERT_EMAIL: from('The mailbox of whoever is on duty.', WHERE_PEOPLE_ARE),
  METRICS_TOKEN: from('Make it: `openssl rand -hex 16`, and give it to what reads the metrics.', WHERE_PEOPLE_ARE),
  SENTRY_DSN: from('Sentry, Project Settings, Client Keys (DSN).', WHERE_PEOPLE_ARE),
  VERCEL: from('Vercel sets it; do not set it yourself.'),
};

/** Where to get the value of the variable; what is not listed is chosen, and the default suits. */
export const sourceOf = ({ name }: Pick<Variable, 'name'>): VariableSource => KNOWN[name] ?? from('Choose it; the default suits.');

/** Whether it is written down where the variable comes from. */
export const hasSource = (name: string): boolean => name in KNOWN;
