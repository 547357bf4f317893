import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApprovalService } from '../../src/platform/approvals/approval.service.js';
import { TeamMembers } from '../../src/platform/team/team-members.service.js';
import { OfferBench } from './offer-bench.js';

describe('an offer whose approver leaves the team', () => {
  let bench: OfferBench;

  beforeAll(async () => {
    bench = await OfferBench.open();
  });
  afterAll(() => bench.office.close());

  async function remove(name: string): Promise<void> {
    const [row] = await bench.office.database.query<{ id: string }>('SELECT id FROM membership WHERE user_id = $1', [await bench.team.member(name)]);
    await bench.office.get(TeamMembers).remove(bench.team.as('olga'), row!.id);
  }
  async function mailsTo(name: string): Promise<string[]> {
    return (await bench.office.mails(bench.team)).filter(({ to }) => to.startsWith(`${name}@`)).map(({ subject }) => subject);
  }
  async function approvalOf(offer: { readonly id: string }): Promise<{ id: string; termsHash: string }> {
    return (await bench.office.database.query<{ id: string; termsHash: string }>('SELECT id, terms_hash AS "termsHash" FROM approval WHERE subject_id = $1', [offer.id]))[0]!;
  }
  /** How the approval stands after this answer, or why it is refused. */
  const decide = (name: string, id: string, termsHash: string): Promise<string> =>
    bench.office.get(ApprovalService).decide(bench.team.as(name), id, { approve: true, comment: null, termsHash }).then(({ status }) => status, (error: { code: string }) => error.code);

  it('is answered by an owner instead', async () => {
    const offer = await bench.asked(['ann', 'ben'], 2);
    const before = (await mailsTo('olga')).length;
    await remove('ann');
    expect((await mailsTo('olga')).slice(before)).toEqual([expect.stringContaining('is stuck')]);
    const { id, termsHash } = await approvalOf(offer);
    expect(await decide('rita', id, termsHash)).toBe('NOT_YOUR_APPROVAL');
    expect(await decide('olga', id, termsHash)).toBe('pending');
    expect(await decide('ben', id, termsHash)).toBe('approved');
    const actions = await bench.office.database.query<{ action: string }>("SELECT action FROM audit_event WHERE object_id = $1 AND action LIKE '%escalate'", [id]);
    expect(actions).toEqual([{ action: 'approval.escalate' }]);
  });

  it('tells them nothing more', async () => {
    const offer = await bench.asked(['ben', 'cem'], 2, 'serial');
    await remove('cem');
    const before = (await mailsTo('cem')).length;
    const { id, termsHash } = await approvalOf(offer);
    expect(await decide('ben', id, termsHash)).toBe('pending');
    expect(await bench.passTime(offer)).toBe('answer before the reminder');
    expect(await mailsTo('cem')).toHaveLength(before);
    expect(await decide('olga', id, termsHash)).toBe('approved');
  });

  it('tells nothing to a requester who left', async () => {
    const offer = await bench.asked(['dora'], 1);
    await remove('rita');
    const before = (await mailsTo('rita')).length;
    const { id, termsHash } = await approvalOf(offer);
    expect(await decide('dora', id, termsHash)).toBe('approved');
    await bench.work();
    expect(await mailsTo('rita')).toHaveLength(before);
    expect((await bench.office.run(offer.id)).state).toBe('done');
  });
});
