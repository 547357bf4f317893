import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationService } from '../../src/features/recruiting/applications/application.service.js';
import { refusal } from '../support/office.js';
import { OutreachBench } from './outreach-bench.js';

let bench: OutreachBench;

beforeAll(async () => {
  bench = await OutreachBench.open();
});
afterAll(() => bench.office.close());

const applications = (): ApplicationService => bench.office.get(ApplicationService);

describe('outreach to a candidate', () => {
  it('sends a mail and its reminders in time', async () => {
    const outreach = await bench.started();
    const [first] = await bench.mails(outreach);
    expect(first).toMatchObject({ subject: 'Engineer at Team outreach', text: 'Hello Ada,\n\nshall we talk?' });
    const [wait] = await bench.office.database.query<{ days: number }>(
      "SELECT round(extract(epoch FROM due_at - started_at) / 86400)::int AS days FROM workflow_step WHERE background_job_id = $1 AND state = 'waiting'", [outreach.runId]);
    expect(wait).toEqual({ days: 3 });
    expect(await bench.passTime(outreach)).toBe('answer to first mail');
    expect(await bench.passTime(outreach)).toBe('answer to reminder 1');
    expect((await bench.mails(outreach)).map(({ subject, text }) => [subject, text])).toEqual([
      ['Engineer at Team outreach', 'Hello Ada,\n\nshall we talk?'],
      ['Re: Engineer at Team outreach', 'Hello Ada, did you see my mail?'],
      ['Re: Engineer at Team outreach', 'A last word.'],
    ]);
    await bench.passTime(outreach);
    expect(await bench.row(outreach)).toEqual({ status: 'finished', reason: null, sent: 3, run: 'done' });
  });

  it('stops when the candidate answers', async () => {
    const outreach = await bench.started();
    await bench.reply(outreach);
    await bench.work();
    expect(await bench.row(outreach)).toEqual({ status: 'replied', reason: null, sent: 1, run: 'done' });
    expect(await bench.mails(outreach)).toHaveLength(1);
  });

  it('sends nothing after an answer that came first', async () => {
    const outreach = await bench.start(await bench.team.applicant());
    await bench.reply(outreach);
    await bench.work();
    expect(await bench.row(outreach)).toEqual({ status: 'replied', reason: null, sent: 0, run: 'done' });
    expect(await bench.mails(outreach)).toEqual([]);
  });

  it('sends no reminder once an answer is in', async () => {
    const outreach = await bench.started();
    // The time of the reminder has come, and the answer is committed before the run goes on.
    await bench.office.passTime(outreach.runId!);
    await bench.reply(outreach);
    await bench.work();
    expect(await bench.mails(outreach)).toHaveLength(1);
    expect(await bench.row(outreach)).toMatchObject({ status: 'replied', run: 'done' });
  });

  it('reminds or stops when both come at once', async () => {
    const outreach = await bench.started({ reminders: [{ afterDays: 1, text: 'Again.' }] });
    await Promise.all([bench.passTime(outreach), bench.reply(outreach)]);
    await bench.work();
    const { sent, ...row } = await bench.row(outreach);
    expect(row).toEqual({ status: 'replied', reason: null, run: 'done' });
    expect(await bench.mails(outreach)).toHaveLength(sent);
    await bench.passTime(outreach);
    expect(await bench.mails(outreach)).toHaveLength(sent);
  });

  it('leaves the answers of others alone', async () => {
    const [one, other] = [await bench.started(), await bench.started()];
    await bench.reply(one);
    await bench.work();
    expect(await bench.row(other)).toMatchObject({ status: 'active', run: 'waiting' });
  });

  it('stops by hand', async () => {
    const outreach = await bench.started();
    await bench.service.stop(bench.team.as('rita'), outreach.id, 'by_hand');
    await bench.passTime(outreach);
    expect(await bench.row(outreach)).toEqual({ status: 'stopped', reason: 'by_hand', sent: 1, run: 'cancelled' });
    expect((await bench.service.stop(bench.team.as('rita'), outreach.id, 'again')).stopReason).toBe('by_hand');
  });

  it('stops with the application', async () => {
    const [rejected, hired, moved] = [await bench.started(), await bench.started(), await bench.started()];
    const stages = await bench.office.database.query<{ id: string; category: string }>('SELECT id, category FROM pipeline_stage WHERE workspace_id = $1', [bench.team.workspaceId]);
    const stage = (wanted: string): string => stages.find(({ category }) => category === wanted)!.id;
    await applications().reject(bench.team.as('rita'), rejected.applicationId, 'No licence');
    await applications().move(bench.team.as('rita'), hired.applicationId, stage('hired'));
    await applications().move(bench.team.as('rita'), moved.applicationId, stage('interview'));
    expect(await bench.row(rejected)).toMatchObject({ status: 'stopped', reason: 'rejected', run: 'cancelled' });
    expect(await bench.row(hired)).toMatchObject({ status: 'stopped', reason: 'hired', run: 'cancelled' });
    expect(await bench.row(moved)).toMatchObject({ status: 'active', run: 'waiting' });
  });

  it('stops for those who no longer want it', async () => {
    const outreach = await bench.started();
    await bench.office.database.query('UPDATE person SET do_not_contact = true WHERE id = (SELECT person_id FROM candidate WHERE id = $1)', [outreach.candidateId]);
    await bench.passTime(outreach);
    expect(await bench.row(outreach)).toEqual({ status: 'stopped', reason: 'do_not_contact', sent: 1, run: 'done' });
    expect(await refusal(bench.start(outreach.applicationId))).toBe('DO_NOT_CONTACT');
  });

  it('mails once when deliveries are doubled', async () => {
    const outreach = await bench.start(await bench.team.applicant());
    await Promise.all(Array.from({ length: 4 }, () => bench.office.deliver(bench.team.workspaceId, outreach.runId!)));
    await bench.office.database.query("UPDATE background_job SET state = 'running', fence = fence + 1, lease_until = now() WHERE id = $1", [outreach.runId]);
    await bench.office.deliver(bench.team.workspaceId, outreach.runId!);
    expect(await bench.mails(outreach)).toHaveLength(1);
    expect(await bench.row(outreach)).toMatchObject({ status: 'active', sent: 1, run: 'waiting' });
  });
});

describe('outreach refuses', () => {
  it('merge fields that would be blank or unknown', async () => {
    const application = await bench.team.applicant();
    for (const text of ['{{lastName}}', '{{}}', '{{firstName', 'firstName}}', '{{constructor}}', '{{ first Name }}']) {
      expect(await refusal(bench.start(application, { text }))).toBe('INVALID_INPUT');
      expect(await refusal(bench.start(application, { reminders: [{ afterDays: 1, text }] }))).toBe('INVALID_INPUT');
    }
    await bench.office.database.query("UPDATE person SET display_name = ' ' WHERE id = (SELECT person_id FROM candidate c JOIN application a ON a.candidate_id = c.id WHERE a.id = $1)", [application]);
    expect(await refusal(bench.start(application))).toBe('INVALID_INPUT');
    expect(await refusal(bench.start(application, { text: 'No name in here.', reminders: [] }))).toBe('nothing was refused');
  });

  it('a second one and strangers', async () => {
    const outreach = await bench.started();
    expect(await refusal(bench.start(outreach.applicationId))).toBe('OUTREACH_RUNNING');
    const other = await bench.office.team('outreach-others');
    await other.member('eve', 'owner');
    expect(await refusal(bench.service.start(other.as('eve'), outreach.applicationId, { subject: 'a', text: 'b', reminders: [], businessDays: true }))).toBe('NOT_FOUND');
    expect(await refusal(bench.service.stop(other.as('eve'), outreach.id, 'by_hand'))).toBe('NOT_FOUND');
    expect(await refusal(bench.service.recordReply(other.as('eve'), outreach.candidateId))).toBe('NOT_FOUND');
    expect(await bench.row(outreach)).toMatchObject({ status: 'active' });
  });

  it('who has no address or is rejected', async () => {
    const application = await bench.team.applicant();
    await bench.office.database.query('DELETE FROM person_email WHERE person_id = (SELECT person_id FROM candidate c JOIN application a ON a.candidate_id = c.id WHERE a.id = $1)', [application]);
    expect(await refusal(bench.start(application))).toBe('NO_EMAIL');
    await applications().reject(bench.team.as('rita'), application, 'No licence');
    expect(await refusal(bench.start(application))).toBe('APPLICATION_CLOSED');
  });
});
