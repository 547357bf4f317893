import type { Environment } from '../../config/environment.js';
import { transportsOf } from '../../config/job-transport.js';
import { sourceOf } from '../../config/variable-sources.js';
import { AiSdkLanguageModel } from '../../infrastructure/language-model/ai-sdk-language-model.js';
import { Logger } from '../../infrastructure/logging/logger.js';
import { SmtpMailSender } from '../../infrastructure/mail/smtp-mail-sender.js';
import { storageRoundTrip } from '../../infrastructure/object-storage/round-trip.js';
import { RedisConnection } from '../../infrastructure/redis/redis.js';
import { probeQStash } from '../../serverless-jobs/transports/qstash-probe.js';
import { outerStorage } from '../backup-place.js';
import { checked, ok, problem, warning, type Finding } from './finding.js';

/** Longest time for one service, in milliseconds. */
const LIMIT = 15_000;
const MODEL_LIMIT = 40_000;

type Findings = Promise<readonly Finding[]>;
const sayNothing = async (): Findings => [];
const adviceFor = (name: string): string => sourceOf({ name }).from;

/** Redis, which may be absent. */
export async function checkRedis({ redisUrl, onFunctions }: Environment): Findings {
  if (redisUrl === null) return [ok('REDIS_URL', `is not set; rate limits are counted in ${onFunctions ? 'PostgreSQL' : 'the database'}.`)];
  const redis = new RedisConnection(redisUrl, new Logger('silent'));
  try {
    return await checked('REDIS_URL', `Start Redis, correct the address, or remove REDIS_URL: Perch works without it. ${adviceFor('REDIS_URL')}`, LIMIT, async () => {
      await (await redis.find())!.ping();
      return [ok('REDIS_URL', 'Redis answers.')];
    });
  } finally {
    await redis.close();
  }
}

/** The token and the signing keys of QStash, where jobs travel by it. */
export async function checkQStash({ jobTransport, qstashUrl: url, qstashToken: token, qstashCurrentSigningKey: current, qstashNextSigningKey: next, onFunctions }: Environment): Findings {
  if (!transportsOf(jobTransport).has('qstash')) return [ok('QSTASH_TOKEN', 'is not needed: no job travels by QStash.')];
  if (token === null) return onFunctions ? [] : [ok('QSTASH_TOKEN', 'is not set; "npm start" brings a QStash server of its own.')];
  if (current === null || next === null) return [problem('QSTASH_CURRENT_SIGNING_KEY', 'is missing, or the next one is: every delivery of a job would be refused.', adviceFor('QSTASH_TOKEN'))];
  return checked('QSTASH_TOKEN', `See whether QSTASH_URL is right and QStash is up. ${adviceFor('QSTASH_TOKEN')}`, LIMIT, async () => {
    const answer = await probeQStash({ url, token, current, next }, AbortSignal.timeout(LIMIT));
    if (answer === 'token refused') return [problem('QSTASH_TOKEN', 'QStash refuses the token.', `Copy it again. ${adviceFor('QSTASH_TOKEN')}`)];
    const accepted = ok('QSTASH_TOKEN', 'QStash accepts the token.');
    if (answer === 'other current key') return [accepted, problem('QSTASH_CURRENT_SIGNING_KEY', 'is not the key that QStash signs with: every delivery would be refused.', `Copy both keys again. ${adviceFor('QSTASH_TOKEN')}`)];
    if (answer === 'other next key') return [accepted, warning('QSTASH_NEXT_SIGNING_KEY', 'is not the key that QStash will sign with after the next rotation.', `Copy it again before you rotate. ${adviceFor('QSTASH_TOKEN')}`)];
    return [accepted, ok('QSTASH_CURRENT_SIGNING_KEY', 'Both signing keys are those of the account.')];
  });
}

/** Stores, reads and deletes an object. */
export async function checkStorage(environment: Environment): Findings {
  const { kind } = environment.objectStorage;
  if (kind === 'database') return [ok('PERCH_STORAGE', 'Files are kept in the database, up to 32 MB each.')];
  return checked('PERCH_STORAGE', 'See whether the bucket exists and the key may read, write, delete and list it; on disk, whether the folder may be written to.', LIMIT, async () => {
    await storageRoundTrip(outerStorage(environment));
    return [ok('PERCH_STORAGE', `An object was stored, read back and deleted (${kind}).`)];
  });
}

/** Signs in at the mail server and sends nothing. */
export async function checkMail({ smtpUrl, mailFrom, onFunctions, production }: Environment): Findings {
  if (smtpUrl === null) {
    const text = 'is not set; mails are only kept on the outbox page.';
    return [onFunctions || production ? warning('SMTP_URL', text, adviceFor('SMTP_URL')) : ok('SMTP_URL', text)];
  }
  if (mailFrom === null) return sayNothing();
  return checked('SMTP_URL', `Correct the address, user and password. ${adviceFor('SMTP_URL')}`, LIMIT, async () => {
    await new SmtpMailSender(smtpUrl, mailFrom).verify();
    return [ok('SMTP_URL', 'The mail server accepts the login.')];
  });
}

/** Asks the language model for one word. */
export async function checkModel({ languageModel }: Environment): Findings {
  if (languageModel.provider === 'rules') return [ok('PERCH_MODEL_PROVIDER', 'is rules: texts are written by fixed rules, without any provider.')];
  return checked('PERCH_MODEL_API_KEY', `See whether the model exists for this key and whether there is credit. ${adviceFor('PERCH_MODEL_API_KEY')}`, MODEL_LIMIT, async () => {
    const question = { system: 'Answer with one word.', prompt: 'Say ok.', maxOutputTokens: 256, timeLimit: MODEL_LIMIT - 5_000, rules: () => 'ok' };
    const { model } = await new AiSdkLanguageModel(languageModel).stream(question, () => undefined, new AbortController().signal);
    return [ok('PERCH_MODEL', `The model ${model} answers.`)];
  });
}
