import { describe, expect, it } from '@jest/globals';
import { newId } from '../../src/common/ids.js';
import { expiredBackups } from '../../src/infrastructure/backup/retention.js';
import { timeOfId, type StoredBackup } from '../../src/infrastructure/backup/stored-backups.js';

const NOW = new Date('2026-11-25T03:00:00Z');
const HOUR_MS = 3_600_000;

/** A backup that was begun so many hours ago. */
function backup(hours: number, verified = true): StoredBackup {
  const at = new Date(NOW.getTime() - hours * HOUR_MS);
  return { id: newId(at.getTime()), at, verified };
}
const keptHours = (backups: readonly StoredBackup[], days: number): number[] => {
  const expired = expiredBackups(backups, NOW, days);
  return backups.filter((candidate) => !expired.includes(candidate)).map(({ at }) => (NOW.getTime() - at.getTime()) / HOUR_MS);
};
const daily = Array.from({ length: 60 }, (_, day) => backup(1 + 24 * day));

describe('the retention of backups', () => {
  it('keeps one a day for the days wanted', () => {
    expect(keptHours(daily, 7)).toEqual([1, 25, 49, 73, 97, 121, 145]);
    expect(keptHours(daily, 30)).toHaveLength(30);
  });

  it('keeps the best one of a day', () => {
    expect(keptHours([backup(1), backup(50), backup(49, false), backup(48.5, false)], 7)).toEqual([1, 50]);
    expect(keptHours([backup(1), backup(50, false), backup(49, false)], 7)).toEqual([1, 49]);
  });

  it('always keeps one that was read back', () => {
    expect(keptHours([backup(24 * 400), backup(24 * 390), backup(24 * 20, false), backup(30, false)], 7)).toEqual([24 * 390, 30]);
    expect(keptHours([backup(24 * 20, false)], 7)).toEqual([24 * 20]);
  });

  it('leaves young ones alone', () => {
    expect(keptHours([backup(23, false), backup(22), backup(1, false)], 1)).toEqual([23, 22, 1]);
  });

  it('knows when a backup was begun', () => {
    expect(timeOfId(newId(NOW.getTime()))).toEqual(NOW);
  });
});
