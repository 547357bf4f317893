import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HealthDoor } from '../../src/platform/health/health.door.js';
import { BackupStatus } from '../../src/platform/backups/backup-status.service.js';
import type { DoorRequest } from '../../src/protocols/http/door.js';
import { DailyBench, WORKSPACE } from './daily-bench.js';

const DAY_MS = 86_400_000;

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly note?: string;
  readonly hoursAgo?: number;
}

async function health(bench: DailyBench): Promise<{ status: string; backup: Check }> {
  const answer = await bench.get(HealthDoor).handle({ method: 'GET', url: new URL('http://perch/api/health/ready'), headers: {} } as DoorRequest);
  const { status, checks } = JSON.parse(String(answer.body)) as { status: string; checks: Check[] };
  return { status, backup: checks.find(({ name }) => name === 'backup')! };
}

describe('where daily backups are set up', () => {
  let bench: DailyBench;

  beforeAll(async () => {
    bench = await DailyBench.open();
  });
  beforeEach(async () => {
    bench.alerts.length = 0;
    await bench.database.query("DELETE FROM system_heartbeat WHERE name LIKE '%backup%'");
    await bench.database.query('UPDATE workspace SET created_at = now()');
  });
  afterEach(() => bench.database.query('DELETE FROM background_job'));
  afterAll(() => bench.close());

  const age = (hours: number): Promise<object[]> => bench.database.query("UPDATE system_heartbeat SET at = now() - make_interval(hours => $1) WHERE name = 'backup'", [hours]);

  it('the health tells of the last one', async () => {
    expect((await health(bench)).backup).toMatchObject({ ok: true, note: 'there is no backup yet' });
    const { at } = await bench.backUp();
    expect((await health(bench)).backup).toMatchObject({ ok: true, hoursAgo: 0, at });
    await age(37);
    expect((await health(bench)).backup).toMatchObject({ ok: false, hoursAgo: 37 });
  });

  it('a late one is an alert', async () => {
    await bench.backUp();
    await age(35);
    await bench.get(BackupStatus).raiseWhenLate();
    expect(bench.alerts).toEqual([]);
    await age(37);
    for (let time = 0; time < 3; time++) await bench.get(BackupStatus).raiseWhenLate();
    expect(bench.alerts).toEqual([{ kind: 'late_backup', hours: 37, text: 'There has been no good backup for 37 hours.' }]);
  });

  it('a first one that never comes is an alert', async () => {
    await bench.database.query("UPDATE workspace SET created_at = now() - interval '40 hours'");
    await bench.get(BackupStatus).raiseWhenLate();
    expect(bench.alerts).toMatchObject([{ hours: 40 }]);
  });

  it('old ones go, but one stays', async () => {
    const list = async (): Promise<string[]> => (await bench.backups.list()).map(({ id }) => id);
    for (const id of await list()) await bench.backups.delete(id);
    bench.clock.advance(-20 * DAY_MS);
    const old = await bench.backUp();
    bench.clock.advance(10 * DAY_MS);
    const middle = await bench.backUp();
    expect([middle.deleted, await list()]).toEqual([1, [middle.id]]);
    bench.clock.advance(10 * DAY_MS - 6 * DAY_MS);
    const young = await bench.backUp();
    expect(await list()).toEqual([middle.id, young.id]);
    bench.clock.advance(6 * DAY_MS);
    const today = await bench.backUp();
    expect(await list()).toEqual([young.id, today.id]);
    expect(await bench.backups.source(old.id).manifest().catch((error: { code: string }) => error.code)).toBe('BACKUP_NOT_FOUND');
  });
});

describe('where daily backups are not set up', () => {
  it('the job does nothing and nobody is alarmed', async () => {
    const bench = await DailyBench.open({ BACKUP_KEY: '' });
    await bench.database.query("UPDATE workspace SET created_at = now() - interval '40 hours' WHERE id = $1", [WORKSPACE]);
    expect(await bench.backUp()).toEqual({ skipped: 'BACKUP_KEY is not set' });
    await bench.get(BackupStatus).raiseWhenLate();
    expect(bench.alerts).toEqual([]);
    expect((await health(bench)).backup).toMatchObject({ ok: true, note: 'no daily backups: BACKUP_KEY is not set' });
    await bench.close();
  });
});
