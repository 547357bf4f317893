import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemContext } from '../../src/common/request-context.js';
import { SectionTexts, type RunEvent } from '../../src/common/run-events.js';
import { Database } from '../../src/infrastructure/database/database.js';
import { RunEventLog } from '../../src/serverless-jobs/run-events/run-event-log.service.js';
import type { RunningJob } from '../../src/serverless-jobs/runner/running-job.js';
import { behaviours, JobBench, OTHER_WORKSPACE } from '../serverless-jobs/job-bench.js';
import { eventually } from '../support/eventually.js';
import { gate } from '../support/qstash.js';

describe('events of a run', () => {
  let bench: JobBench;

  beforeAll(async () => {
    bench = await JobBench.open();
  });
  afterAll(() => bench.close());

  const readAs = async (workspace: string, id: string): Promise<readonly RunEvent[]> => {
    const context = systemContext(workspace);
    return (await bench.nest.get(RunEventLog).read(context, id, 0).finally(() => bench.nest.get(Database).release(context))).events;
  };
  const read = (id: string): Promise<readonly RunEvent[]> => readAs(bench.context.workspace, id);
  const kinds = async (id: string): Promise<string[]> => (await read(id)).map(({ sequence, kind }) => `${sequence} ${kind}`);
  const texts = async (id: string): Promise<object> => {
    const sections = new SectionTexts();
    sections.add(await read(id));
    return Object.fromEntries(sections.sections.map(({ name, text }) => [name, text]));
  };
  /** Runs one job that does this and returns its id. */
  const run = async (label: string, ...attempts: ((job: RunningJob) => Promise<void>)[]): Promise<string> => {
    const id = await bench.enqueue(label);
    for (const attempt of attempts) {
      behaviours.push(attempt);
      await bench.makeDue(id);
      await bench.deliver(id);
    }
    return id;
  };

  it('are numbered without gaps', async () => {
    const id = await run('numbers', async (job) => {
      for (let index = 0; index < 150; index++) job.events.append('told', { index, filler: 'x'.repeat(500) });
    });
    const events = await read(id);
    expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
    expect(events.map(({ data }) => data['index'])).toEqual(Array.from({ length: 150 }, (_, index) => index));
  });

  it('are seen while the work goes on', async () => {
    const { opened, open } = gate();
    const id = await bench.enqueue('seen');
    behaviours.push(async (job) => {
      job.events.append('told', {});
      await opened;
    });
    const delivered = bench.deliver(id);
    await eventually('the event is stored', async () => (await read(id)).length === 1);
    open();
    expect((await delivered).kind).toBe('done');
  });

  it('go with the transaction they belong to', async () => {
    const id = await run('together', async (job) => {
      job.events.append('before', {});
      await job.events.flush();
      await job.transaction(async (manager) => {
        await job.events.appendWithin(manager, 'lost', {});
        throw new Error('taken back');
      }).catch(() => undefined);
      await job.transaction((manager) => job.events.appendWithin(manager, 'kept', {}));
      job.events.append('after', {});
    });
    expect(await kinds(id)).toEqual(['1 before', '2 kept', '3 after']);
  });

  it('wait while the row is locked', async () => {
    const id = await run('locked', async (job) => {
      await job.transaction(async (manager) => {
        job.events.append('outside', {});
        await eventually('it is tried meanwhile', async () => (await manager.query<{ waited: boolean }[]>("SELECT clock_timestamp() > now() + interval '200 ms' AS waited"))[0]!.waited);
        await job.events.appendWithin(manager, 'inside', {});
      });
    });
    expect(await kinds(id)).toEqual(['1 inside', '2 outside']);
  });

  it('cannot come from a zombie', async () => {
    const { opened, open } = gate();
    let refused: string[] = [];
    const id = await bench.enqueue('zombie');
    behaviours.push(async (job) => {
      job.events.append('first', {});
      await job.events.flush();
      await opened;
      job.events.append('late', {});
      const name = (error: Error): string => error.name;
      refused = [await job.events.flush().then(() => 'stored', name), await job.transaction((manager) => job.events.appendWithin(manager, 'late', {})).then(() => 'stored', name)];
    });
    const zombie = bench.deliver(id);
    await eventually('the first event is stored', async () => (await read(id)).length === 1);
    await bench.expireLease(id);
    behaviours.push(async (job) => job.events.append('second', {}));
    expect((await bench.deliver(id)).kind).toBe('done');
    open();
    expect((await zombie).kind).toBe('lost');
    expect(refused).toEqual(['LostOwnershipError', 'LostOwnershipError']);
    expect(await kinds(id)).toEqual(['1 first', '2 second']);
  });

  it('are refused when they are too large', async () => {
    const id = await run('large', async (job) => job.events.append('told', { text: 'x'.repeat(8_192) }));
    expect(await bench.job(id)).toMatchObject({ state: 'dead', errorCode: 'INVALID_EVENT' });
    expect(await read(id)).toEqual([]);
  });

  it('begin a section again after a failure', async () => {
    const tell = (text: string, fails: boolean) => async (job: RunningJob): Promise<void> => {
      const section = await job.events.section('summary');
      for (const part of text) section.write(part);
      await section.flush();
      if (fails) throw new Error('cut off');
    };
    const id = await run('again', tell('half a sen', true), tell('a whole sentence', false));
    expect(await kinds(id)).toEqual(['1 section.started', '2 section.text', '3 section.restarted', '4 section.text']);
    expect(await texts(id)).toEqual({ summary: 'a whole sentence' });
  });

  it('hold any text in pieces that fit', async () => {
    const whole = `${'\\"\u0001'.repeat(2_000)}🙂${'é'.repeat(1_199)}🙂`;
    const id = await run('any', async (job) => {
      const section = await job.events.section('any');
      section.write(whole);
      section.write('\u0000\uD83D');
      section.write('\uDE42\uD83D');
      await section.flush();
    });
    expect(await texts(id)).toEqual({ any: `${whole}🙂\uFFFD` });
  });

  it('end the attempt when nobody knows', async () => {
    const client = bench.database;
    const id = await bench.enqueue('unknown');
    behaviours.push(async (job) => {
      await client.query('CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(10); RETURN NEW; END $$; CREATE TRIGGER slow BEFORE INSERT ON run_event FOR EACH ROW EXECUTE FUNCTION slow()');
      job.events.append('told', {});
      const flushed = job.events.flush();
      flushed.catch(() => undefined);
      await eventually('the statement is under way and ended', async () =>
        (await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")).length > 0);
      await client.query('DROP TRIGGER slow ON run_event; DROP FUNCTION slow()');
      await flushed;
    });
    expect((await bench.deliver(id)).kind).toBe('retry');
    expect(await read(id)).toEqual([]);
  });

  it('stay in their workspace and as they are', async () => {
    const id = await run('tenant', async (job) => job.events.append('told', {}));
    await expect(readAs(OTHER_WORKSPACE, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const change = (sql: string): Promise<unknown> => bench.nest.get(Database).write(bench.context, (manager) => manager.query(sql));
    for (const sql of ["UPDATE run_event SET kind = 'other'", 'DELETE FROM run_event']) await expect(change(sql)).rejects.toThrow(/permission denied/);
    await change(`DELETE FROM background_job WHERE id = '${id}'`);
    expect(await bench.database.query('SELECT 1 FROM run_event WHERE background_job_id = $1', [id])).toEqual([]);
  });
});
