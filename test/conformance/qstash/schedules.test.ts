import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { QStashBench } from '../../support/qstash.js';

describe('schedules of the QStash server', () => {
  let bench: QStashBench;

  beforeAll(async () => {
    bench = await QStashBench.open();
  });
  beforeEach(() => bench.destination.reset());
  afterAll(() => bench.close());

  const create = (cron: string, options: object = {}): Promise<{ scheduleId: string }> => bench.client.schedules.create({ destination: `${bench.destination.origin}/cron`, cron, ...options });
  const comeDue = (id: string): Promise<object[]> => bench.database.query(`UPDATE qstash.schedule SET next_at = now() WHERE id = $1`, [id]);

  it('reckon in the time zone of the expression', async () => {
    const hourIn = (time: number, timeZone: string): string => new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(time);
    for (const zone of ['America/New_York', 'Asia/Kolkata', 'Europe/Berlin']) {
      const { scheduleId } = await create(`CRON_TZ=${zone} 30 4 * * *`);
      const { nextScheduleTime, cron } = await bench.client.schedules.get(scheduleId);
      expect([cron, hourIn(nextScheduleTime!, zone)]).toEqual([`CRON_TZ=${zone} 30 4 * * *`, '04:30']);
    }
    const { scheduleId } = await create('30 4 * * *');
    expect(hourIn((await bench.client.schedules.get(scheduleId)).nextScheduleTime!, 'UTC')).toBe('04:30');
  });

  it.each(['* * * *', '61 * * * *', 'CRON_TZ=Nowhere/City * * * * *', '* * * * * *'])('refuse the expression %s', async (cron) => {
    await expect(create(cron)).rejects.toThrow(/cron/);
  });

  it('deliver with all they were given', async () => {
    const { scheduleId } = await create(' 0 5 * * * ', {
      scheduleId: 'full', body: '{"is":"scheduled"}', method: 'PUT', retries: 1, label: ['nightly', 'report'], queueName: 'of-schedules', headers: { mine: 'yes' }, retryDelay: '1000',
    });
    expect(await bench.client.schedules.get(scheduleId)).toMatchObject({
      cron: '0 5 * * *', method: 'PUT', retries: 1, labels: ['nightly', 'report'], queueName: 'of-schedules', body: '{"is":"scheduled"}', isPaused: false, retryDelayExpression: '1000',
    });
    await comeDue('full');
    const [delivery] = await bench.destination.arrived(1);
    expect(delivery).toMatchObject({ method: 'PUT', body: '{"is":"scheduled"}', headers: { mine: 'yes', 'upstash-schedule-id': 'full', 'upstash-label': 'nightly,report' } });
    const id = String(delivery!.headers['upstash-message-id']);
    await bench.ended(id, 'delivered');
    const after = await bench.client.schedules.get('full');
    expect(after.lastScheduleStates).toEqual({ [id]: 'SUCCESS' });
    expect(after.lastScheduleTime).toBeLessThanOrEqual(Date.now());
    expect(after.nextScheduleTime).toBeGreaterThan(Date.now());
  });

  it('replace the schedule of the same id', async () => {
    await create('0 5 * * *', { scheduleId: 'same', body: 'old' });
    await create('0 6 * * *', { scheduleId: 'same' });
    const found = await bench.client.schedules.get('same');
    expect([found.cron, found.body]).toEqual(['0 6 * * *', undefined]);
  });

  it('lose their times while they are paused', async () => {
    await create('0 5 * * *', { scheduleId: 'pausing' });
    expect((await bench.call('POST', '/v2/schedules/pausing/pause')).status).toBe(200);
    await comeDue('pausing');
    await bench.client.publishJSON({ url: `${bench.destination.origin}/other`, body: {} });
    await bench.destination.arrived(1);
    await bench.client.schedules.resume({ schedule: 'pausing' });
    expect((await bench.client.schedules.get('pausing')).nextScheduleTime).toBeGreaterThan(Date.now());
    expect(bench.destination.paths).toEqual(['/other']);
  });

  it('reach every endpoint of a group', async () => {
    await bench.client.urlGroups.addEndpoints({ name: 'pair', endpoints: [{ url: `${bench.destination.origin}/a` }, { url: `${bench.destination.origin}/b` }] });
    await bench.client.schedules.create({ destination: 'pair', cron: '0 5 * * *', scheduleId: 'grouped' });
    await comeDue('grouped');
    await bench.destination.arrived(2);
    expect(bench.destination.paths.sort()).toEqual(['/a', '/b']);
  });
});
