import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/common/ids.js';
import { outcomeOf } from '../../src/platform/approvals/approval-outcome.js';
import { refusal } from '../support/office.js';
import { ApprovalBench, TERMS } from './approval-bench.js';

let bench: ApprovalBench;

beforeAll(async () => {
  bench = await ApprovalBench.open();
});
afterAll(() => bench.office.close());

describe('an approval by several at once', () => {
  it('needs as many as were required', async () => {
    const approval = await bench.request(['ann', 'ben', 'cem'], 2);
    expect((await bench.decide('cem', approval, true)).status).toBe('pending');
    expect((await bench.decide('ann', approval, true)).status).toBe('approved');
    expect(await bench.states(approval)).toEqual(['approved', 'skipped', 'approved']);
    expect(await bench.told(approval)).toEqual(['approved']);
    expect(await bench.audit(approval)).toEqual(['approval.request', 'approval.approve', 'approval.approve', 'approval.close']);
  });

  it('is rejected once enough cannot be reached', async () => {
    const approval = await bench.request(['ann', 'ben', 'cem'], 2);
    expect((await bench.decide('ann', approval, false)).status).toBe('pending');
    expect((await bench.decide('ben', approval, false)).status).toBe('rejected');
    expect(await bench.told(approval)).toEqual(['rejected']);
  });

  it('counts both of two answers at once', async () => {
    const approval = await bench.request(['ann', 'ben'], 2);
    await Promise.all([bench.decide('ann', approval, true), bench.decide('ben', approval, true)]);
    expect(await bench.states(approval)).toEqual(['approved', 'approved']);
    expect(await bench.told(approval)).toEqual(['approved']);
  });

  it('takes one answer of two from one person', async () => {
    const approval = await bench.request(['ann', 'ben'], 2);
    const answers = await Promise.all([refusal(bench.decide('ann', approval, true)), refusal(bench.decide('ann', approval, false))]);
    expect(answers.sort()).toEqual(['ALREADY_DECIDED', 'nothing was refused']);
    expect(await refusal(bench.decide('ann', approval, true))).toBe('ALREADY_DECIDED');
  });

  it('decides once at the end of its time', async () => {
    const approval = await bench.request(['ann'], 1);
    const [answer, end] = await Promise.all([refusal(bench.decide('ann', approval, true)), bench.service.expire(bench.team.as('rita'), approval.id)]);
    expect([['nothing was refused', 'approved'], ['APPROVAL_CLOSED', 'expired']]).toContainEqual([answer, end]);
    expect(await bench.service.expire(bench.team.as('rita'), approval.id)).toBe(end);
    expect(await bench.told(approval)).toEqual([end]);
  });
});

describe('an approval in order', () => {
  it('asks one after the other', async () => {
    const approval = await bench.request(['ann', 'ben'], 2, 'serial');
    expect(await bench.states(approval)).toEqual(['active', 'pending']);
    expect(await refusal(bench.decide('ben', approval, true))).toBe('NOT_YOUR_APPROVAL');
    await bench.decide('ann', approval, true);
    expect(await bench.states(approval)).toEqual(['approved', 'active']);
    expect((await bench.decide('ben', approval, true)).status).toBe('approved');
  });

  it('goes on after a no that decides nothing', async () => {
    const approval = await bench.request(['ann', 'ben', 'cem'], 1, 'serial');
    await bench.decide('ann', approval, false);
    expect((await bench.decide('ben', approval, true)).status).toBe('approved');
    expect(await bench.states(approval)).toEqual(['rejected', 'approved', 'skipped']);
  });
});

describe('an approval refuses', () => {
  it('who is not asked', async () => {
    const approval = await bench.request(['ann'], 1);
    expect(await refusal(bench.decide('ben', approval, true))).toBe('NOT_YOUR_APPROVAL');
    expect(await refusal(bench.decide('olga', approval, true))).toBe('NOT_YOUR_APPROVAL');
    expect(await refusal(bench.delegate('ben', approval, 'cem'))).toBe('NOT_YOUR_APPROVAL');
  });

  it('another workspace', async () => {
    const approval = await bench.request(['ann'], 1);
    const other = await bench.office.team('others');
    const stranger = await other.member('eve', 'owner');
    expect(await refusal(bench.service.decide(other.as('eve'), approval.id, { approve: true, comment: null, termsHash: TERMS }))).toBe('NOT_FOUND');
    expect(await refusal(bench.service.delegate(bench.team.as('ann'), approval.id, stranger))).toBe('INVALID_INPUT');
    expect(await refusal(bench.service.expire(other.as('eve'), approval.id))).toBe('NOT_FOUND');
  });

  it('terms that were not seen', async () => {
    const approval = await bench.request(['ann'], 1);
    expect(await refusal(bench.decide('ann', approval, true, 'b'.repeat(64)))).toBe('TERMS_CHANGED');
  });

  it('an answer after the end', async () => {
    const approval = await bench.request(['ann', 'ben'], 1);
    await bench.decide('ann', approval, true);
    expect(await refusal(bench.decide('ben', approval, true))).toBe('APPROVAL_CLOSED');
    expect(await refusal(bench.delegate('ben', approval, 'cem'))).toBe('APPROVAL_CLOSED');
  });

  it('people and numbers that cannot work', async () => {
    expect(await refusal(bench.request(['ann', 'ann'], 1))).toBe('INVALID_INPUT');
    expect(await refusal(bench.request(['ann'], 2))).toBe('INVALID_INPUT');
    expect(await refusal(bench.request([], 1))).toBe('INVALID_INPUT');
    expect(await refusal(bench.service.request(bench.team.as('rita'), { subjectType: 'thing', subjectId: newId(), termsHash: TERMS, mode: 'serial', required: 1, approverIds: [newId()], dueIn: 1 }))).toBe('INVALID_INPUT');
    const subject = newId();
    await bench.request(['ann'], 1, 'parallel', subject);
    expect(await refusal(bench.request(['ann'], 1, 'parallel', subject))).toBe('APPROVAL_OPEN');
  });

  it('a change of what was decided', async () => {
    const approval = await bench.request(['ann'], 1);
    await bench.decide('ann', approval, true);
    const granted = await bench.office.database.query<{ privilege: string }>(
      "SELECT privilege_type AS privilege FROM information_schema.role_table_grants WHERE table_name = 'approval_decision' AND grantee = 'perch_app' ORDER BY 1");
    expect(granted.map(({ privilege }) => privilege)).toEqual(['INSERT', 'SELECT']);
  });
});

describe('an approval changes hands', () => {
  it('by delegation, once a person', async () => {
    const approval = await bench.request(['ann', 'ben'], 1);
    await bench.delegate('ann', approval, 'cem');
    expect(await refusal(bench.decide('ann', approval, true))).toBe('NOT_YOUR_APPROVAL');
    expect(await refusal(bench.delegate('ann', approval, 'dora'))).toBe('NOT_YOUR_APPROVAL');
    expect(await refusal(bench.delegate('cem', approval, 'ben'))).toBe('INVALID_INPUT');
    expect((await bench.decide('cem', approval, true)).status).toBe('approved');
    expect(await bench.audit(approval)).toContain('approval.delegate');
  });

  it('to those in charge after an escalation', async () => {
    const approval = await bench.request(['ann', 'ben'], 2);
    expect(await bench.service.escalate(bench.team.as('rita'), approval.id)).toBe(true);
    expect(await refusal(bench.decide('cem', approval, true))).toBe('NOT_YOUR_APPROVAL');
    await bench.decide('olga', approval, true);
    expect(await refusal(bench.decide('olga', approval, true))).toBe('ALREADY_DECIDED');
    expect((await bench.decide('adam', approval, true)).status).toBe('approved');
    expect(await bench.service.escalate(bench.team.as('rita'), approval.id)).toBe(false);
  });
});

it('the standing follows from the answers', () => {
  expect(outcomeOf(['approved', 'active', 'active'], 1)).toBe('approved');
  expect(outcomeOf(['rejected', 'active', 'active'], 2)).toBeNull();
  expect(outcomeOf(['rejected', 'rejected', 'active'], 2)).toBe('rejected');
  expect(outcomeOf(['approved', 'rejected', 'pending'], 2)).toBeNull();
});
