import { describe, expect, it } from '@jest/globals';
import { nextSlots, slotOfToday, slotsToRun } from '../../src/serverless-jobs/schedules/slots.js';

const at = (text: string): Date => new Date(text);
const texts = (dates: readonly Date[]): string[] => dates.map((date) => date.toISOString().slice(0, 16));
const berlin = (cron: string): { cron: string; timeZone: string } => ({ cron, timeZone: 'Europe/Berlin' });

describe('slots', () => {
  it('keep the local hour when clocks go forward', () => {
    expect(texts(nextSlots(berlin('0 9 * * *'), at('2026-03-27T12:00:00Z'), 3))).toEqual(['2026-03-28T08:00', '2026-03-29T07:00', '2026-03-30T07:00']);
  });

  it('that do not exist come right after', () => {
    expect(texts(nextSlots(berlin('30 2 * * *'), at('2026-03-28T12:00:00Z'), 2))).toEqual(['2026-03-29T01:00', '2026-03-30T00:30']);
  });

  it('that exist twice come once', () => {
    expect(texts(nextSlots(berlin('30 2 * * *'), at('2026-10-24T12:00:00Z'), 2))).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
  });

  it('of every half hour leave out none', () => {
    expect(texts(nextSlots(berlin('*/30 * * * *'), at('2026-10-24T23:45:00Z'), 5))).toEqual(['2026-10-25T00:00', '2026-10-25T00:30', '2026-10-25T01:00', '2026-10-25T01:30', '2026-10-25T02:00']);
  });

  it('of today begin at local midnight', () => {
    expect(slotOfToday(berlin('30 0 * * *'), at('2026-07-01T21:00:00Z'))).toEqual(at('2026-06-30T22:30:00Z'));
    expect(slotOfToday(berlin('30 0 * * *'), at('2026-07-01T22:10:00Z'))).toEqual(at('2026-07-01T22:30:00Z'));
    expect(slotOfToday({ cron: '0 5 * * 1', timeZone: 'UTC' }, at('2026-11-24T12:00:00Z'))).toBeNull();
  });

  it('that are wrong are refused', () => {
    expect(() => nextSlots({ cron: '* * * * * *', timeZone: 'UTC' }, new Date(), 1)).toThrow();
    expect(() => nextSlots({ cron: '0 0 * * *', timeZone: 'Nowhere/At_All' }, new Date(), 1)).toThrow();
  });
});

describe('missed slots', () => {
  const hourly = { cron: '0 * * * *', timeZone: 'UTC' };
  const first = at('2026-11-24T01:00:00Z');

  it('are skipped unless one is current', () => {
    expect(slotsToRun(hourly, 'skip', first, at('2026-11-24T05:10:00Z'))).toEqual({ run: [at('2026-11-24T05:00:00Z')], next: at('2026-11-24T06:00:00Z') });
    expect(slotsToRun(hourly, 'skip', first, at('2026-11-24T05:11:00Z'))).toEqual({ run: [], next: at('2026-11-24T06:00:00Z') });
  });

  it('are made up for by the last', () => {
    expect(slotsToRun(hourly, 'last', first, at('2026-11-24T05:40:00Z'))).toEqual({ run: [at('2026-11-24T05:00:00Z')], next: at('2026-11-24T06:00:00Z') });
  });

  it('are all made up for, 100 at once', () => {
    expect(texts(slotsToRun(hourly, 'all', first, at('2026-11-24T03:00:00Z')).run)).toEqual(['2026-11-24T01:00', '2026-11-24T02:00', '2026-11-24T03:00']);
    const many = slotsToRun(hourly, 'all', first, at('2026-12-24T00:00:00Z'));
    expect(many.run).toHaveLength(100);
    expect(many.next).toEqual(new Date(first.getTime() + 100 * 3_600_000));
  });
});
