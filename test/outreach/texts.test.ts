import { describe, expect, it } from '@jest/globals';
import { daysLater } from '../../src/features/recruiting/outreach/business-days.js';
import { fillMergeFields } from '../../src/features/recruiting/outreach/merge-fields.js';

describe('business days', () => {
  const friday = new Date('2026-11-20T15:00:00Z');

  it('leave out Saturday and Sunday', () => {
    expect(daysLater(friday, 1, true, 'UTC').toISOString()).toBe('2026-11-23T15:00:00.000Z');
    expect(daysLater(friday, 5, true, 'UTC').toISOString()).toBe('2026-11-27T15:00:00.000Z');
    expect(daysLater(friday, 1, false, 'UTC').toISOString()).toBe('2026-11-21T15:00:00.000Z');
  });

  it('follow the time zone of the workspace', () => {
    // 15:00 UTC on Thursday is Friday in Auckland, so the next day there is a Saturday.
    const thursday = new Date('2026-11-19T15:00:00Z');
    expect(daysLater(thursday, 1, true, 'UTC').toISOString()).toBe('2026-11-20T15:00:00.000Z');
    expect(daysLater(thursday, 1, true, 'Pacific/Auckland').toISOString()).toBe('2026-11-22T15:00:00.000Z');
  });
});

describe('merge fields', () => {
  it('are replaced and not looked at again', () => {
    expect(fillMergeFields('Hi {{ firstName }} and {{firstName}}', { firstName: '{{company}}' }, 'text')).toBe('Hi {{company}} and {{company}}');
  });

  it('that are blank are refused by name', () => {
    expect(() => fillMergeFields('Hi {{firstName}}', { firstName: '  ' }, 'text')).toThrow(/\{\{firstName\}\} would be blank/);
  });
});
