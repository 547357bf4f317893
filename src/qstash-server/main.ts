import { startQStashServer, type QStashOptions } from './server.js';

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
    databaseUrl, port: number('QSTASH_PORT', process.send ? 0 : 8080), host: env['QSTASH_HOST'] || '127.0.0.1',
    allowedOrigins: allowed.map((entry) => (entry === 'loopback' || entry === 'private' ? entry : new URL(entry).origin)),
    token: env['QSTASH_TOKEN'] || null, readOnlyToken: env['QSTASH_READ_ONLY_TOKEN'] || null,
    currentSigningKey: env['QSTASH_CURRENT_SIGNING_KEY'] || null, nextSigningKey: env['QSTASH_NEXT_SIGNING_KEY'] || null,
    sink: env['QSTASH_SINK'] || null, deduplicationSeconds: number('QSTASH_DEDUPLICATION_SECONDS', 600), parallelism: Math.max(1, number('QSTASH_PARALLELISM', 100)),
  };
}

/** A process of its own: settings by environment, its address and keys announced to the parent, or printed as the SDK's variables. Ends with its parent. */
async function main(): Promise<void> {
  const server = await startQStashServer(readOptions());
  const end = (): void => void server.stop().finally(() => process.exit(0));
  process.once('SIGTERM', end);
  const { url, token, currentSigningKey, nextSigningKey } = server;
  if (process.send) {
    process.once('disconnect', end).on('SIGINT', () => undefined);
    if (!process.connected) return end();
    process.send({ url, token, currentSigningKey, nextSigningKey });
    return;
  }
  process.once('SIGINT', end);
  process.stdout.write(`QSTASH_URL=${url}\nQSTASH_TOKEN=${token}\nQSTASH_CURRENT_SIGNING_KEY=${currentSigningKey}\nQSTASH_NEXT_SIGNING_KEY=${nextSigningKey}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`qstash-server: ${(error as Error).message}\n`);
  process.exit(1);
});
