import { startQStashServer } from './server.js';

/** A process of its own beside Perch: settings by environment, its address and keys announced to the parent. Ends with its parent. */
async function main(): Promise<void> {
  const { QSTASH_DATABASE_URL: databaseUrl, QSTASH_PORT: port, QSTASH_ALLOWED_ORIGINS: origins } = process.env;
  if (!databaseUrl) throw new Error('QSTASH_DATABASE_URL is missing.');
  const server = await startQStashServer({
    databaseUrl, port: Number(port ?? 0), allowedOrigins: (origins ?? '').split(',').filter(Boolean).map((origin) => new URL(origin).origin),
  });
  const end = (): void => void server.stop().finally(() => process.exit(0));
  process.once('SIGTERM', end).once('disconnect', end).on('SIGINT', () => undefined);
  const { url, token, currentSigningKey, nextSigningKey } = server;
  if (process.send && !process.connected) return end();
  process.send?.({ url, token, currentSigningKey, nextSigningKey });
}

main().catch((error: unknown) => {
  process.stderr.write(`qstash-server: ${(error as Error).message}\n`);
  process.exit(1);
});
