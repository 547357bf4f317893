import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusal } from '../support/office.js';
import { OfferBench } from './offer-bench.js';

const ASK = 'Please approve the offer to Ada Example';
const REMIND = 'Reminder: the offer to Ada Example waits for you';

let bench: OfferBench;

beforeAll(async () => {
  bench = await OfferBench.open();
});
afterAll(() => bench.office.close());

describe('the approval of an offer', () => {
  it('asks all at once and tells the requester', async () => {
    const offer = await bench.asked(['ann', 'ben'], 2);
    expect(await bench.mails(offer)).toEqual([`ann: ${ASK}`, `ben: ${ASK}`]);
    expect(await bench.status(offer)).toBe('pending_approval');
    await bench.decide('ann', offer, true);
    expect(await bench.status(offer)).toBe('pending_approval');
    await bench.decide('ben', offer, true);
    expect(await bench.status(offer)).toBe('approved');
    await bench.work();
    expect(await bench.office.run(offer.id)).toMatchObject({ state: 'done', result: { decision: 'approved' } });
    expect((await bench.mails(offer)).at(-1)).toBe('rita: The offer to Ada Example was approved');
    expect(await bench.events(offer)).toEqual(['offer.created', 'offer.approval_approved']);
  });

  it('asks in order as each answers', async () => {
    const offer = await bench.asked(['ann', 'ben'], 2, 'serial');
    expect(await bench.mails(offer)).toEqual([`ann: ${ASK}`]);
    await bench.decide('ann', offer, true);
    expect(await bench.mails(offer)).toEqual([`ann: ${ASK}`, `ben: ${ASK}`]);
  });

  it('makes the offer a draft when rejected', async () => {
    const offer = await bench.asked(['ann', 'ben'], 2);
    await bench.decide('ben', offer, false);
    await bench.work();
    expect(await bench.status(offer)).toBe('draft');
    expect(await bench.office.run(offer.id)).toMatchObject({ state: 'done', result: { decision: 'rejected' } });
    expect((await bench.mails(offer)).at(-1)).toBe('rita: The offer to Ada Example was rejected');
    expect(await refusal(bench.ask(offer, ['cem']))).toBe('nothing was refused');
  });

  it('goes to a delegate, who is mailed', async () => {
    const offer = await bench.asked(['ann'], 1);
    await bench.delegate('ann', offer, 'dora');
    expect(await bench.mails(offer)).toEqual([`ann: ${ASK}`, `dora: ${ASK}`]);
    expect(await refusal(bench.decide('ann', offer, true))).toBe('NOT_YOUR_APPROVAL');
    await bench.decide('dora', offer, true);
    expect(await bench.status(offer)).toBe('approved');
  });

  it('reminds once only those who are silent', async () => {
    const offer = await bench.asked(['ann', 'ben'], 2);
    await bench.decide('ann', offer, true);
    expect(await bench.passTime(offer)).toBe('answer before the reminder');
    await bench.work();
    expect((await bench.mails(offer)).filter((mail) => mail.includes('Reminder'))).toEqual([`ben: ${REMIND}`]);
  });

  it('escalates to those in charge, then expires once', async () => {
    const offer = await bench.asked(['ann'], 1);
    await bench.passTime(offer);
    expect(await bench.passTime(offer)).toBe('answer before the escalation');
    expect((await bench.mails(offer)).at(-1)).toBe('olga: The offer to Ada Example is stuck');
    expect(await bench.passTime(offer)).toBe('answer before the end');
    expect(await bench.office.run(offer.id)).toMatchObject({ state: 'done', result: { decision: 'expired' } });
    expect(await bench.status(offer)).toBe('draft');
    expect((await bench.mails(offer)).at(-1)).toBe('rita: The offer to Ada Example was not decided');
    expect((await bench.events(offer)).filter((type) => type === 'offer.approval_expired')).toHaveLength(1);
    expect(await refusal(bench.decide('ann', offer, true))).toBe('APPROVAL_CLOSED');
  });

  it('is decided by an owner after the escalation', async () => {
    const offer = await bench.asked(['ann'], 1);
    expect(await refusal(bench.decide('olga', offer, true))).toBe('NOT_YOUR_APPROVAL');
    await bench.passTime(offer);
    await bench.passTime(offer);
    await bench.decide('olga', offer, true);
    await bench.work();
    expect(await bench.office.run(offer.id)).toMatchObject({ state: 'done', result: { decision: 'approved' } });
  });

  it('ends one way when answered at the end', async () => {
    const offer = await bench.asked(['ann'], 1);
    await bench.passTime(offer);
    await bench.passTime(offer);
    const [answer] = await Promise.all([refusal(bench.decide('ann', offer, true)), bench.passTime(offer)]);
    await bench.work();
    const decision = answer === 'nothing was refused' ? 'approved' : 'expired';
    expect(await bench.office.run(offer.id)).toMatchObject({ state: 'done', result: { decision } });
    expect(await bench.status(offer)).toBe(decision === 'approved' ? 'approved' : 'draft');
    expect((await bench.events(offer)).filter((type) => type.startsWith('offer.approval_'))).toEqual([`offer.approval_${decision}`]);
    expect((await bench.mails(offer)).filter((mail) => mail.startsWith('rita'))).toHaveLength(1);
  });

  it('counts an answer that beats the timeout', async () => {
    const offer = await bench.asked(['ann'], 1);
    const { id } = await bench.office.run(offer.id);
    await bench.passTime(offer);
    await bench.passTime(offer);
    await bench.decide('ann', offer, true);
    await bench.office.passTime(id);
    await bench.work();
    expect(await bench.office.run(offer.id)).toMatchObject({ state: 'done', result: { decision: 'approved' } });
  });

  it('is voided by an edit of the terms', async () => {
    const offer = await bench.asked(['ann'], 1);
    const termsHash = await bench.termsHash(offer);
    const { version } = await bench.current(offer);
    const edited = await bench.edit(offer, version, 90_000);
    expect(edited.status).toBe('draft');
    expect(await refusal(bench.decide('ann', offer, true))).toBe('TERMS_CHANGED');
    await bench.work();
    expect(await bench.office.run(offer.id)).toMatchObject({ state: 'done', result: { decision: 'voided' } });
    const again = await bench.ask(edited, ['ann']);
    expect(again.approvalId).not.toBe(offer.approvalId);
    expect(await bench.termsHash(again)).not.toBe(termsHash);
    await bench.decide('ann', again, true);
    expect(await bench.status(offer)).toBe('approved');
  });

  it('no longer holds after an edit', async () => {
    const offer = await bench.asked(['ann'], 1);
    const { version, status } = await bench.decide('ann', offer, true);
    expect(status).toBe('approved');
    await bench.edit(offer, version, 91_000);
    expect(await bench.status(offer)).toBe('draft');
  });

  it('and an edit never end both', async () => {
    const offer = await bench.asked(['ann'], 1);
    const { version } = await bench.current(offer);
    const [answer, edit] = await Promise.all([
      refusal(bench.decide('ann', offer, true)), refusal(bench.edit(offer, version, 92_000)),
    ]);
    const { status, currentVersion } = await bench.current(offer);
    if (edit === 'nothing was refused') expect([status, currentVersion, answer === 'nothing was refused']).toEqual(['draft', 2, false]);
    else expect([status, currentVersion, edit]).toEqual(['approved', 1, 'VERSION_CONFLICT']);
  });

  it('ends with the withdrawal of the offer', async () => {
    const offer = await bench.asked(['ann'], 1);
    await bench.offers.withdraw(bench.team.as('rita'), offer.id);
    await bench.work();
    expect(await bench.status(offer)).toBe('withdrawn');
    expect(await refusal(bench.decide('ann', offer, true))).toBe('APPROVAL_CLOSED');
    const told = await bench.office.database.query("SELECT 1 FROM notification WHERE user_id = $1 AND dedupe_key = $2", [await bench.team.member('ann'), `${offer.approvalId} off`]);
    expect(told).toHaveLength(1);
  });

  it('answered before its workflow has begun', async () => {
    const offer = await bench.ask(await bench.draft(), ['ann']);
    await bench.decide('ann', offer, true);
    await bench.work();
    expect(await bench.mails(offer)).toEqual(['rita: The offer to Ada Example was approved']);
  });

  it('mails once when deliveries are doubled', async () => {
    const offer = await bench.ask(await bench.draft(), ['ann', 'ben']);
    const { id } = await bench.office.run(offer.id);
    await Promise.all(Array.from({ length: 4 }, () => bench.office.deliver(bench.team.workspaceId, id)));
    await bench.office.deliver(bench.team.workspaceId, id);
    expect(await bench.mails(offer)).toEqual([`ann: ${ASK}`, `ben: ${ASK}`]);
  });

  it('mails once when its process dies', async () => {
    const offer = await bench.asked(['ann'], 1);
    const { id } = await bench.office.run(offer.id);
    // As a process leaves it that is killed between two steps: running, with a lease that ends.
    for (let death = 0; death < 2; death++) {
      await bench.office.database.query("UPDATE background_job SET state = 'running', fence = fence + 1, lease_until = now() WHERE id = $1", [id]);
      await bench.office.deliver(bench.team.workspaceId, id);
    }
    expect(await bench.mails(offer)).toEqual([`ann: ${ASK}`]);
    await bench.decide('ann', offer, true);
    await bench.work();
    expect(await bench.office.run(offer.id)).toMatchObject({ state: 'done', result: { decision: 'approved' } });
  });
});
