import type { Outreach } from '../../src/features/recruiting/outreach/outreach.entity.js';
import { OutreachService, type NewOutreach } from '../../src/features/recruiting/outreach/outreach.service.js';
import type { SentMail } from '../support/mail-texts.js';
import { Office, type Team } from '../support/office.js';

export const MAIL: NewOutreach = {
  subject: '{{jobTitle}} at {{company}}', text: 'Hello {{firstName}},\n\nshall we talk?', businessDays: false,
  reminders: [{ afterDays: 3, text: 'Hello {{ firstName }}, did you see my mail?' }, { afterDays: 5, text: 'A last word.' }],
};

/** Outreach to applicants of one team. */
export class OutreachBench {
  private constructor(
    readonly office: Office,
    readonly team: Team,
  ) {}

  static async open(): Promise<OutreachBench> {
    const office = await Office.open();
    const team = await office.team('outreach');
    await team.member('rita', 'recruiter');
    return new OutreachBench(office, team);
  }

  get service(): OutreachService {
    return this.office.get(OutreachService);
  }

  start(applicationId: string, mail: Partial<NewOutreach> = {}): Promise<Outreach> {
    return this.service.start(this.team.as('rita'), applicationId, { ...MAIL, ...mail });
  }

  /** Outreach whose first mail is sent. */
  async started(mail: Partial<NewOutreach> = {}): Promise<Outreach> {
    const outreach = await this.start(await this.team.applicant(), mail);
    await this.work();
    return outreach;
  }

  work(): Promise<unknown> {
    return this.office.work('candidateOutreach');
  }

  async passTime(outreach: Outreach): Promise<string | undefined> {
    const name = await this.office.passTime(outreach.runId!);
    await this.work();
    return name;
  }

  reply(outreach: Outreach): Promise<void> {
    return this.service.recordReply(this.team.as('rita'), outreach.candidateId);
  }

  mails(outreach: Outreach): Promise<SentMail[]> {
    return this.office.database.query<SentMail>('SELECT to_address AS "to", subject, text FROM mail_message WHERE subject_id = $1 ORDER BY created_at', [outreach.applicationId]);
  }

  async row(outreach: Outreach): Promise<{ status: string; reason: string | null; sent: number; run: string }> {
    const [row] = await this.office.database.query<{ status: string; reason: string | null; sent: number; run: string }>(
      'SELECT o.status, o.stop_reason AS reason, o.sent, j.state AS run FROM outreach o JOIN background_job j ON j.id = o.run_id WHERE o.id = $1', [outreach.id]);
    return row!;
  }
}
