import pg from 'pg';

const CHANNEL = 'qstash_due';
const GATHER_MS = 5;

/** Listens on a connection of its own and opens it again when it breaks; the poll covers the gap. */
export class Listener {
  private client: pg.Client | null = null;
  private stopped = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly onNotify: () => void,
  ) {}

  async open(): Promise<void> {
    if (this.stopped) return;
    const client = new pg.Client({ connectionString: this.databaseUrl, application_name: 'qstash-server' });
    const again = (): void => {
      client.removeAllListeners();
      client.on('error', () => undefined);
      if (!this.stopped) setTimeout(() => void this.open(), 1_000).unref();
    };
    client.on('notification', this.onNotify).once('error', again).once('end', again);
    this.client = client;
    await client.connect().then(() => client.query(`LISTEN ${CHANNEL}`)).catch(again);
  }

  async close(): Promise<void> {
    this.stopped = true;
    this.client?.removeAllListeners().on('error', () => undefined);
    await this.client?.end().catch(() => undefined);
  }
}

/** Tells other processes that something may be due, once for all that happens within a few milliseconds. */
export class Announcer {
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly pool: pg.Pool) {}

  announce(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.pool.query(`SELECT pg_notify('${CHANNEL}', '')`).catch(() => undefined);
    }, GATHER_MS);
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer);
  }
}
