import type { StoredBackup } from './stored-backups.js';

const DAY_MS = 86_400_000;

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** The newest of those that were read back; where there is none, the newest. `backups` are the oldest first. */
const best = (backups: readonly StoredBackup[]): StoredBackup | undefined => backups.filter(({ verified }) => verified).at(-1) ?? backups.at(-1);

/**
 * The backups that may go: of each day (UTC) within the last `days` days one stays, and the newest one that was read back stays however
 * old it is. What is younger than a day is left alone, because it may still be under way.
 */
export function expiredBackups(backups: readonly StoredBackup[], now: Date, days: number): StoredBackup[] {
  const sorted = [...backups].sort((a, b) => (a.id < b.id ? -1 : 1));
  const byDay = new Map<string, StoredBackup[]>();
  for (const backup of sorted) byDay.set(dayOf(backup.at), [...(byDay.get(dayOf(backup.at)) ?? []), backup]);
  const daily = new Set([...byDay.values()].map((sameDay) => best(sameDay)));
  return sorted.filter((backup) => {
    const age = now.getTime() - backup.at.getTime();
    if (age < DAY_MS || backup === best(sorted)) return false;
    return age >= days * DAY_MS || !daily.has(backup);
  });
}
