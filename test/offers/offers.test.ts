import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationService } from '../../src/features/recruiting/applications/application.service.js';
import { refusal } from '../support/office.js';
import { OfferBench, terms } from './offer-bench.js';

let bench: OfferBench;

beforeAll(async () => {
  bench = await OfferBench.open();
});
afterAll(() => bench.office.close());

describe('an offer', () => {
  it('keeps all versions of its terms', async () => {
    const offer = await bench.draft();
    const edited = await bench.edit(offer, offer.version, 75_000);
    expect(edited).toMatchObject({ status: 'draft', currentVersion: 2 });
    const rows = await bench.office.database.query('SELECT number, pay_amount AS amount FROM offer_version WHERE offer_id = $1 ORDER BY number', [offer.id]);
    expect(rows).toEqual([{ number: 1, amount: '70000.00' }, { number: 2, amount: '75000.00' }]);
  });

  it('does not change with the same terms', async () => {
    const offer = await bench.draft();
    expect((await bench.edit(offer, offer.version, 70_000)).currentVersion).toBe(1);
  });

  it('is open once an application', async () => {
    const offer = await bench.draft();
    const again = (): Promise<unknown> => bench.offers.create(bench.team.as('rita'), offer.applicationId, terms());
    expect(await refusal(again())).toBe('OFFER_OPEN');
    await bench.offers.withdraw(bench.team.as('rita'), offer.id);
    expect(await refusal(bench.offers.withdraw(bench.team.as('rita'), offer.id))).toBe('OFFER_CLOSED');
    expect(await refusal(bench.edit(offer, offer.version + 1, 1))).toBe('OFFER_CLOSED');
    expect(await refusal(again())).toBe('nothing was refused');
  });

  it('refuses an edit of what was not seen', async () => {
    const offer = await bench.draft();
    await bench.edit(offer, offer.version, 71_000);
    expect(await refusal(bench.edit(offer, offer.version, 72_000))).toBe('VERSION_CONFLICT');
    const { version } = await bench.current(offer);
    const edits = await Promise.all([73_000, 74_000].map((pay) => refusal(bench.edit(offer, version, pay))));
    expect(edits.sort()).toEqual(['VERSION_CONFLICT', 'nothing was refused']);
  });

  it('refuses terms that make no sense', async () => {
    const application = await bench.team.applicant();
    for (const wrong of [{ payAmount: -1 }, { payAmount: 10.001 }, { payCurrency: 'euro' }, { startDate: 'soon' }, { expiresAt: new Date(0) }, { otherTerms: '\u0000' }]) {
      expect(await refusal(bench.offers.create(bench.team.as('rita'), application, { ...terms(), ...wrong }))).toBe('INVALID_INPUT');
    }
  });

  it('needs an active application of the workspace', async () => {
    const application = await bench.team.applicant();
    const other = await bench.office.team('other-offers');
    await other.member('eve', 'owner');
    expect(await refusal(bench.offers.create(other.as('eve'), application, terms()))).toBe('NOT_FOUND');
    await bench.office.get(ApplicationService).reject(bench.team.as('rita'), application, 'No licence');
    expect(await refusal(bench.offers.create(bench.team.as('rita'), application, terms()))).toBe('APPLICATION_CLOSED');
  });

  it('tells the audit log nothing about pay', async () => {
    const offer = await bench.draft();
    await bench.edit(offer, offer.version, 76_543);
    const rows = await bench.office.database.query('SELECT changes FROM audit_event WHERE object_id = $1', [offer.id]);
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toMatch(/7\d{4}|pay/i);
  });
});
