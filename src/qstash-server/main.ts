import { startQStashServer, type QStashOptions } from './server.js';

/** Whether a person started this process, and not a program that listens for its announcement. */
const BY_HAND = !process.send || process.argv[2] === 'by-hand';

/** The origin of an address in one of the variables. Throws what is wrong. */
function readOrigin(name: string, text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw new Error(`${name} must hold addresses like http://127.0.0.1:3000, not "${text}".`);
  return new URL(text).origin;
}

/** The settings of this process. Throws what is missing or wrong. */
function readOptions(): QStashOptions {
  const { env } = process;
  const databaseUrl = env['QSTASH_DATABASE_URL'] || env['DATABASE_URL'];
  if (!databaseUrl) throw new Error('QSTASH_DATABASE_URL is missing.');
  const number = (name: string, otherwise: number): number => {
    const value = Number(env[name] || otherwise);
    if (!Number.isInteger(value) || value < 0) throw new Error(`${name} must be a whole number.`);
    return value;
  };
  const allowed = (env['QSTASH_ALLOWED_ORIGINS'] ?? '').split(',').map((entry) => entry.trim()).filter(Boolean);
  return {
    databaseUrl, port: number('QSTASH_PORT', BY_HAND ? 8080 : 0), host: env['QSTASH_HOST'] || '127.0.0.1',
    allowedOrigins: allowed.map((entry) => (entry === 'loopback' || entry === 'private' ? entry : readOrigin('QSTASH_ALLOWED_ORIGINS', entry))),
    token: env['QSTASH_TOKEN'] || null, readOnlyToken: env['QSTASH_READ_ONLY_TOKEN'] || null,
    currentSigningKey: env['QSTASH_CURRENT_SIGNING_KEY'] || null, nextSigningKey: env['QSTASH_NEXT_SIGNING_KEY'] || null,
    sink: env['QSTASH_SINK'] ? readOrigin('QSTASH_SINK', env['QSTASH_SINK']) : null, deduplicationSeconds: number('QSTASH_DEDUPLICATION_SECONDS', 600), parallelism: Math.max(1, number('QSTASH_PARALLELISM', 100)),
  };
}

/** A process of its own: settings by environment, its address and keys announced to the parent, or printed as the SDK's variables. Ends with its parent. */
async function main(): Promise<void> {
  const server = await startQStashServer(readOptions());
  let stopped: Promise<void> | null = null;
  // A terminal sends its signal to the command and to this process, so that it comes twice.
  const end = (): void => void (stopped ??= server.stop().finally(() => process.exit(0)));
  process.on('SIGTERM', end).on('SIGINT', BY_HAND ? end : () => undefined);
  const { url, token, currentSigningKey, nextSigningKey } = server;
  if (process.send) {
    process.once('disconnect', end);
    if (!process.connected) return end();
  }
  if (!BY_HAND) return void process.send?.({ url, token, currentSigningKey, nextSigningKey });
  process.stdout.write(`QSTASH_URL=${url}\nQSTASH_TOKEN=${token}\nQSTASH_CURRENT_SIGNING_KEY=${currentSigningKey}\nQSTASH_NEXT_SIGNING_KEY=${nextSigningKey}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`qstash-server: ${(error as Error).message}\n`);
  process.exit(1);
});
