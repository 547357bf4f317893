import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { randomNumbers } from '../chaos/random.js';
import { demoWorkspace } from '../support/background-job-rows.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { DEMO, startPerch, type Perch } from '../support/perch.js';
import { freePort, startPgBouncer, startRedis, type Program } from '../support/programs.js';
import { StreamReader } from './stream-reader.js';
import { storyTexts, type Story } from './story.js';
import { Writers, type Writer } from './writer.js';

const CHAOS_MS = 15_000;

describe.each(['PostgreSQL alone', 'Redis beside it'])('a story told through PgBouncer, with %s', (store) => {
  let perch: Perch;
  let bouncer: Program;
  let redis: Program | null = null;
  let redisPort = 0;
  let writers: Writers;
  let token: string;
  const readers: StreamReader[] = [];

  beforeAll(async () => {
    if (store !== 'PostgreSQL alone') {
      redisPort = await freePort();
      redis = await startRedis(redisPort);
    }
    const beside: Record<string, string> = redis ? { REDIS_URL: `redis://127.0.0.1:${redisPort}` } : {};
    perch = await startPerch('process', async (database) => {
      bouncer = await startPgBouncer(database.applicationUrl);
      Object.assign(beside, { DATABASE_URL: Object.assign(new URL(database.applicationUrl), { port: String(bouncer.port) }).href });
      // It only shows the events: were it called for expired leases, it would leave the story, which it does not know, for half a minute.
      return { ...beside, JOB_TRANSPORT: 'qstash', QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody', PERCH_STREAM_SECONDS: '1' };
    });
    writers = await Writers.open(perch.database, await demoWorkspace(perch.database), beside);
    const { body } = await new Client(perch.address).post('/api/auth/sign-in', { ...DEMO, as: 'token' });
    token = (body as { token: string }).token;
  });
  afterAll(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await writers.close();
    await perch.stop();
    await bouncer.stop();
    await redis?.stop();
  });

  const watch = (id: string, afterPiece?: () => Promise<unknown>): StreamReader => {
    const reader = new StreamReader(perch.address, token, id, afterPiece);
    readers.push(reader);
    return reader;
  };

  async function expectExact(id: string, story: Story, ...watching: StreamReader[]): Promise<void> {
    for (const reader of watching) {
      await reader.ended();
      expect(reader.texts).toEqual(storyTexts(story));
      expect(reader.numbers).toEqual(reader.numbers.map((_, index) => index + 1));
      expect(reader.numbers).toEqual(await writers.stored(id));
    }
  }

  it('arrives once over all reconnects', async () => {
    const story = { sections: 2, words: 150, pace: 8 };
    const writer = await writers.start();
    const id = await writer.enqueue(story);
    const [quick, slow] = [watch(id), watch(id, () => pause(400))];
    const told = writer.deliver(id);
    await quick.arrived(20);
    quick.cut();
    expect((await told)!.kind).toBe('done');
    await expectExact(id, story, quick, slow, watch(id));
    expect(quick.connections).toBeGreaterThan(2);
    expect(quick.control.filter((name) => name === 'reconnect').length).toBeGreaterThan(0);
  });

  it('survives the death of who tells it', async () => {
    const story = { sections: 3, words: 60, pace: 8 };
    const [first, second] = [await writers.start(), await writers.start()];
    const id = await first.enqueue(story);
    const reader = watch(id);
    void first.deliver(id);
    await reader.arrived(12);
    await first.kill();
    await writers.expire(id);
    expect((await second.deliver(id))!.kind).toBe('done');
    await expectExact(id, story, reader);
    expect(reader.received.filter(({ kind }) => kind === 'section.restarted')).toHaveLength(1);
  });

  it('is not continued by a zombie', async () => {
    const story = { sections: 2, words: 60, pace: 8 };
    const [zombie, successor] = [await writers.start(), await writers.start()];
    const id = await zombie.enqueue(story);
    const reader = watch(id);
    const woken = zombie.deliver(id);
    await reader.arrived(6);
    zombie.stop();
    await writers.expire(id);
    const succeeded = successor.deliver(id);
    await reader.arrived(14);
    zombie.wake();
    expect((await woken)!.kind).toBe('lost');
    expect((await succeeded)!.kind).toBe('done');
    await expectExact(id, story, reader);
  });

  it('goes on when its lock is frozen', async () => {
    const story = { sections: 1, words: 5, pace: 0, hold: 1_500 };
    const [frozen, successor] = [await writers.start(), await writers.start()];
    const id = await frozen.enqueue(story);
    const reader = watch(id);
    const woken = frozen.deliver(id);
    const holds = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%INSERT INTO run_event%'";
    await eventually('the end of the section is not committed yet', async () => (await perch.database.query(holds)).length > 0);
    frozen.stop();
    await writers.expire(id);
    expect((await successor.deliver(id))!.kind).toBe('done');
    frozen.wake();
    expect((await woken)!.kind).toBe('lost');
    await expectExact(id, story, reader);
  });

  it('survives whatever happens for a while', async () => {
    const random = randomNumbers(11);
    const story = { sections: 8, words: 60, pace: 10 };
    let writer: Writer = await writers.start();
    const id = await writer.enqueue(story);
    const watching = [watch(id), watch(id, () => pause(Math.round(random() * 60)))];
    const until = performance.now() + CHAOS_MS;
    for (let done = false; !done;) {
      const told = writer.deliver(id);
      const wait = performance.now() < until ? 700 + random() * 1_200 : 60_000;
      done = (await Promise.race([told, pause(wait, null, { ref: false })]))?.kind === 'done';
      if (done) break;
      watching[Math.floor(random() * 2)]!.cut();
      if (redis && random() < 0.5) {
        await redis.stop();
        redis = await startRedis(redisPort);
      }
      const old = writer;
      if (random() < 0.6) await old.kill();
      else {
        old.stop();
        void pause(1_500).then(() => old.wake());
      }
      await writers.expire(id);
      writer = await writers.start();
    }
    await expectExact(id, story, ...watching);
  });
});
