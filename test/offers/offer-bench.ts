import type { Offer } from '../../src/features/recruiting/offers/offer.entity.js';
import { OfferApprovalService } from '../../src/features/recruiting/offers/offer-approval.service.js';
import { OfferService } from '../../src/features/recruiting/offers/offer.service.js';
import type { OfferTermsInput } from '../../src/features/recruiting/offers/offer-terms.js';
import { ApprovalService } from '../../src/platform/approvals/approval.service.js';
import { mailsWhere, type SentMail } from '../support/mail-texts.js';
import { Office, type Team } from '../support/office.js';

export const terms = (payAmount = 70_000): OfferTermsInput => ({
  payAmount, payCurrency: 'EUR', payPeriod: 'year', startDate: '2030-01-15', expiresAt: new Date('2029-12-01T12:00:00Z'), otherTerms: 'Thirty days of leave.',
});

/** Offers to applicants of one team, and the workflow that has them approved. */
export class OfferBench {
  private constructor(
    readonly office: Office,
    readonly team: Team,
  ) {}

  static async open(): Promise<OfferBench> {
    const office = await Office.open();
    const team = await office.team('offers');
    for (const [name, role] of [['olga', 'owner'], ['rita', 'recruiter'], ['ann', 'interviewer'], ['ben', 'hiring_manager'], ['cem', 'interviewer'], ['dora', 'interviewer']] as const) {
      await team.member(name, role);
    }
    return new OfferBench(office, team);
  }

  get offers(): OfferService {
    return this.office.get(OfferService);
  }

  async draft(): Promise<Offer> {
    return this.offers.create(this.team.as('rita'), await this.team.applicant(), terms());
  }

  async ask(offer: Offer, names: readonly string[], required = names.length, mode: 'serial' | 'parallel' = 'parallel'): Promise<Offer> {
    const approverIds = await Promise.all(names.map((name) => this.team.member(name)));
    const asked = await this.office.get(OfferApprovalService).request(this.team.as('rita'), offer.id, { approverIds, required, mode });
    return asked;
  }

  /** A draft that is given to approvers, and whose workflow waits for them. */
  async asked(names: readonly string[], required = names.length, mode: 'serial' | 'parallel' = 'parallel'): Promise<Offer> {
    const offer = await this.ask(await this.draft(), names, required, mode);
    await this.work();
    return offer;
  }

  work(): Promise<unknown> {
    return this.office.work('offerApproval');
  }

  /** Lets the open wait of the workflow pass and the workflow go on. */
  async passTime(offer: Offer): Promise<string | undefined> {
    const { id } = await this.office.run(offer.id);
    const name = await this.office.passTime(id);
    await this.work();
    return name;
  }

  decide(name: string, offer: Offer, approve: boolean): Promise<Offer> {
    return this.office.call(this.team.as(name), async (context) => {
      const { termsHash } = await this.offers.currentTerms(context, await this.offers.get(context, offer.id));
      return this.office.get(OfferApprovalService).decide(context, offer.approvalId!, { approve, comment: null, termsHash });
    });
  }

  /** The offer as it is now. */
  current(offer: Offer): Promise<Offer> {
    return this.office.call(this.team.as('rita'), (context) => this.offers.get(context, offer.id));
  }

  termsHash(offer: Offer): Promise<string> {
    return this.office.call(this.team.as('rita'), async (context) => (await this.offers.currentTerms(context, await this.offers.get(context, offer.id))).termsHash);
  }

  edit(offer: Offer, version: number, payAmount: number): Promise<Offer> {
    return this.offers.edit(this.team.as('rita'), offer.id, version, terms(payAmount));
  }

  async delegate(from: string, offer: Offer, to: string): Promise<void> {
    await this.office.get(ApprovalService).delegate(this.team.as(from), offer.approvalId!, await this.team.member(to));
  }

  async status(offer: Offer): Promise<string> {
    const [row] = await this.office.database.query<{ status: string }>('SELECT status FROM offer WHERE id = $1', [offer.id]);
    return row!.status;
  }

  /** The mails about the offer's last approval, as `who: subject`. */
  async mails(offer: Offer): Promise<string[]> {
    return (await this.fullMails(offer)).map(({ to, subject }) => `${to.split('@')[0]!}: ${subject}`);
  }

  fullMails(offer: Offer): Promise<SentMail[]> {
    return mailsWhere(this.office.database, 'subject_id = $1', [offer.approvalId], 'created_at, to_address');
  }

  async events(offer: Offer): Promise<string[]> {
    const rows = await this.office.database.query<{ type: string }>('SELECT type FROM domain_event WHERE subject_id = $1 ORDER BY id', [offer.id]);
    return rows.map(({ type }) => type);
  }
}
