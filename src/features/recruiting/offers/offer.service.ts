import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { Clock } from '../../../common/clock.js';
import { DomainError, invalidInput, notFound } from '../../../common/errors.js';
import { isId, newId } from '../../../common/ids.js';
import type { RequestContext } from '../../../common/request-context.js';
import { parseInput } from '../../../common/validation.js';
import { isUniqueViolation } from '../../../infrastructure/database/database-errors.js';
import { Database } from '../../../infrastructure/database/database.js';
import { listPage, type PageArguments, type SortOrder } from '../../../infrastructure/database/list-page.js';
import { ApprovalService } from '../../../platform/approvals/approval.service.js';
import { AuditLog } from '../../../platform/audit-log/audit-log.service.js';
import { DomainEvents } from '../../../platform/domain-events/domain-events.service.js';
import { toConnection, type Connection } from '../../../protocols/graphql/connection.js';
import { Application } from '../applications/application.entity.js';
import { OFFER_TERMS, sameTerms, termsHash, termsOf, type OfferTerms, type OfferTermsInput } from './offer-terms.js';
import { OfferVersion } from './offer-version.entity.js';
import { Offer, type OfferStatus } from './offer.entity.js';

const NEWEST: SortOrder = { name: 'newest', expression: 'offer.created_at', type: 'timestamptz', descending: true };
const EDITABLE: readonly OfferStatus[] = ['draft', 'pending_approval', 'approved'];

export interface OfferQuery {
  readonly applicationId?: string | null;
  readonly status?: OfferStatus | null;
}

export const offerClosed = (message: string): DomainError => new DomainError('OFFER_CLOSED', message, 409);
const changedMeanwhile = (): DomainError => new DomainError('VERSION_CONFLICT', 'Somebody has changed the offer meanwhile. Look at it again.', 409);

/** Makes offers and changes their terms. */
@Injectable()
export class OfferService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApprovalService) private readonly approvals: ApprovalService,
    @Inject(AuditLog) private readonly auditLog: AuditLog,
    @Inject(DomainEvents) private readonly events: DomainEvents,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  list(context: RequestContext, filter: OfferQuery, page: PageArguments): Promise<Connection<Offer>> {
    return this.database.read(context, async (manager) => {
      const query = (): SelectQueryBuilder<Offer> => {
        const builder = manager.getRepository(Offer).createQueryBuilder('offer').where('offer.workspace_id = :workspace', { workspace: context.workspace });
        if (filter.applicationId) builder.andWhere('offer.application_id = :application', { application: isId(filter.applicationId) ? filter.applicationId : null });
        if (filter.status) builder.andWhere('offer.status = :status', { status: filter.status });
        return builder;
      };
      return toConnection(await listPage(query(), NEWEST, page), () => this.database.read(context, () => query().getCount()));
    });
  }

  /** Throws NOT_FOUND. */
  async get(context: RequestContext, id: string): Promise<Offer> {
    const found = isId(id) ? await this.database.read(context, (manager) => manager.findOneBy(Offer, { id })) : null;
    if (!found) throw notFound('The offer');
    return found;
  }

  /** The terms that hold now. */
  currentTerms(context: RequestContext, offer: Pick<Offer, 'id' | 'currentVersion'>): Promise<OfferVersion> {
    return this.database.read(context, (manager) => manager.findOneByOrFail(OfferVersion, { offerId: offer.id, number: offer.currentVersion }));
  }

  /** The offer under its lock, inside a write. Throws NOT_FOUND. */
  async lock(manager: EntityManager, id: string): Promise<Offer> {
    const offer = isId(id) ? await manager.findOne(Offer, { where: { id }, lock: { mode: 'pessimistic_write' } }) : null;
    if (!offer) throw notFound('The offer');
    return offer;
  }

  /** Throws INVALID_INPUT, NOT_FOUND, APPLICATION_CLOSED, or OFFER_OPEN where the application has another open offer. */
  async create(context: RequestContext, applicationId: string, input: OfferTermsInput): Promise<Offer> {
    const terms = this.parseTerms(input);
    return this.database.write(context, async (manager) => {
      const application = isId(applicationId) ? await manager.findOneBy(Application, { id: applicationId }) : null;
      if (!application) throw notFound('The application');
      if (application.status !== 'active') throw new DomainError('APPLICATION_CLOSED', 'An offer needs an active application.', 409);
      const now = this.clock.now();
      const offer = manager.create(Offer, {
        id: newId(), workspaceId: context.workspace, applicationId, status: 'draft', currentVersion: 1, approvalId: null, createdAt: now, updatedAt: now,
      });
      await manager.save(offer).catch(refuseSecondOpen);
      await this.addVersion(context, manager, offer, terms);
      await this.note(context, offer, 'create', 'created');
      return offer;
    });
  }

  /**
   * Gives the offer new terms. An approval under way is voided and one that was given no longer holds: the offer is a draft
   * again. The same terms change nothing. `version` is that of the offer which the caller has seen. Throws INVALID_INPUT,
   * NOT_FOUND, VERSION_CONFLICT, or OFFER_CLOSED when the candidate has it or it has ended.
   */
  async edit(context: RequestContext, id: string, version: number, input: OfferTermsInput): Promise<Offer> {
    const terms = this.parseTerms(input);
    return this.database.write(context, async (manager) => {
      const seen = await this.get(context, id);
      if (seen.version !== version) throw changedMeanwhile();
      if (!EDITABLE.includes(seen.status)) throw offerClosed('The terms of this offer can no longer be edited.');
      if (sameTerms(terms, termsOf(await this.currentTerms(context, seen)))) return seen;
      const offer = await this.lockWithoutApproval(context, manager, seen, 'The terms were edited.');
      Object.assign(offer, { status: 'draft', currentVersion: offer.currentVersion + 1, updatedAt: this.clock.now() });
      await manager.save(offer);
      await this.addVersion(context, manager, offer, terms);
      await this.note(context, offer, 'edit', 'edited');
      return offer;
    });
  }

  /** Takes the offer back. Throws NOT_FOUND, VERSION_CONFLICT, or OFFER_CLOSED when it has ended. */
  async withdraw(context: RequestContext, id: string): Promise<Offer> {
    return this.database.write(context, async (manager) => {
      const seen = await this.get(context, id);
      if (!EDITABLE.includes(seen.status) && seen.status !== 'sent') throw offerClosed('This offer has ended already.');
      const offer = await this.lockWithoutApproval(context, manager, seen, 'The offer was withdrawn.');
      Object.assign(offer, { status: 'withdrawn', updatedAt: this.clock.now() });
      await manager.save(offer);
      await this.note(context, offer, 'withdraw', 'withdrawn');
      return offer;
    });
  }

  /** Approvals are locked before their offers, here as where somebody decides, so that nobody waits in a circle. */
  private async lockWithoutApproval(context: RequestContext, manager: EntityManager, seen: Offer, reason: string): Promise<Offer> {
    if (seen.status === 'pending_approval') await this.approvals.void(context, seen.approvalId!, reason);
    const offer = await this.lock(manager, seen.id);
    if (offer.version !== seen.version) throw changedMeanwhile();
    return offer;
  }

  private parseTerms(input: OfferTermsInput): OfferTerms {
    const terms = parseInput(OFFER_TERMS, input);
    if (terms.expiresAt <= this.clock.now()) throw invalidInput('The offer must be open for acceptance until a time in the future.', 'expiresAt');
    return terms;
  }

  private async addVersion(context: RequestContext, manager: EntityManager, offer: Offer, { otherTerms, ...terms }: OfferTerms): Promise<void> {
    const id = newId();
    await manager.insert(OfferVersion, {
      id, workspaceId: context.workspace, offerId: offer.id, number: offer.currentVersion, ...terms, terms: { text: otherTerms }, termsHash: termsHash(id, { ...terms, otherTerms }),
      actorType: context.actor.type, actorId: context.actor.id, createdAt: this.clock.now(),
    });
  }

  /** The audit log says that terms changed and not to what: more people read it than may see pay. */
  private async note(context: RequestContext, offer: Offer, action: string, fact: string): Promise<void> {
    await this.auditLog.record(context, `offer.${action}`, { type: 'offer', id: offer.id }, { version: offer.currentVersion, status: offer.status });
    await this.events.emit(context, { type: `offer.${fact}`, subjectId: offer.id, payload: { applicationId: offer.applicationId, version: offer.currentVersion } });
  }
}

function refuseSecondOpen(error: unknown): never {
  if (isUniqueViolation(error, 'offer_open')) throw new DomainError('OFFER_OPEN', 'This application has an open offer. Edit or withdraw it first.', 409);
  throw error;
}
