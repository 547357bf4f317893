import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OfferLinks } from '../../src/features/recruiting/offers/offer-link.service.js';
import type { Offer } from '../../src/features/recruiting/offers/offer.entity.js';
import { ApprovalLinks } from '../../src/platform/approvals/approval-links.service.js';
import { refusal } from '../support/office.js';
import { OfferBench } from './offer-bench.js';

let bench: OfferBench;

beforeAll(async () => {
  bench = await OfferBench.open();
});
afterAll(() => bench.office.close());

/** The secret in the mail to a member. */
async function linkOf(offer: Offer, name: string): Promise<string> {
  const mails = await bench.fullMails(offer);
  return /#(\S+)/.exec(mails.find(({ to }) => to.startsWith(`${name}@`))!.text)![1]!;
}

const use = (token: string, approve = true): Promise<unknown> => bench.office.get(ApprovalLinks).decide(token, 'test', approve, null);
const show = (token: string): Promise<unknown> => bench.office.get(OfferLinks).show(token, 'test');

describe('a mailed link', () => {
  it('shows the terms and approves once', async () => {
    const offer = await bench.asked(['ann', 'ben'], 2);
    const token = await linkOf(offer, 'ann');
    expect(await show(token)).toMatchObject({ candidate: 'Ada Example', jobTitle: 'Engineer', approver: 'ann', requestedBy: 'rita', pay: { amount: 70_000, currency: 'EUR', period: 'year' }, startDate: '2030-01-15' });
    const answers = await Promise.all([refusal(use(token)), refusal(use(token))]);
    expect(answers.sort()).toEqual(['LINK_USED', 'nothing was refused']);
    expect(await refusal(show(token))).toBe('LINK_USED');
    await use(await linkOf(offer, 'ben'));
    expect(await bench.status(offer)).toBe('approved');
  });

  it('is bound to its person', async () => {
    const offer = await bench.asked(['ann'], 1);
    const token = await linkOf(offer, 'ann');
    await bench.delegate('ann', offer, 'cem');
    expect(await refusal(use(token))).toBe('NOT_YOUR_APPROVAL');
    expect(await refusal(show(token))).toBe('NOT_YOUR_APPROVAL');
    await use(await linkOf(offer, 'cem'));
  });

  it('is bound to the terms', async () => {
    const offer = await bench.asked(['ann'], 1);
    const token = await linkOf(offer, 'ann');
    const { version } = await bench.current(offer);
    await bench.edit(offer, version, 95_000);
    expect(await refusal(use(token))).toBe('APPROVAL_CLOSED');
    expect(await refusal(show(token))).toBe('APPROVAL_CLOSED');
  });

  it('ends with the time for the approval', async () => {
    const offer = await bench.asked(['ann'], 1);
    await bench.office.database.query('UPDATE approval_link SET expires_at = now() WHERE approval_id = $1', [offer.approvalId]);
    expect(await refusal(use(await linkOf(offer, 'ann')))).toBe('LINK_EXPIRED');
  });

  it('is worth nothing for former members', async () => {
    const offer = await bench.asked(['dora'], 1);
    await bench.office.database.query('DELETE FROM membership WHERE user_id = $1', [await bench.team.member('dora')]);
    expect(await refusal(use(await linkOf(offer, 'dora')))).toBe('NOT_FOUND');
  });

  it('cannot be made up', async () => {
    const offer = await bench.asked(['ann'], 1);
    const token = await linkOf(offer, 'ann');
    const other = await bench.office.team('link-others');
    const elsewhere = token.replace(bench.team.workspaceId.replaceAll('-', ''), other.workspaceId.replaceAll('-', ''));
    for (const wrong of ['', 'approval', `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, elsewhere, token.replace('approval_', 'session_')]) {
      expect(await refusal(use(wrong))).toBe('NOT_FOUND');
    }
    expect(await bench.office.database.query('SELECT 1 FROM approval_link WHERE token_hash::text LIKE $1', [`%${token}%`])).toEqual([]);
  });
});
