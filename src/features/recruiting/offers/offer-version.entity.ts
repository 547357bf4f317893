import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ActorType } from '../../../common/request-context.js';

export type PayPeriod = 'hour' | 'day' | 'month' | 'year';

/** What the contract says beside pay and dates. */
export interface OtherTerms {
  readonly text: string | null;
}

/** The terms of an offer at one time; rows are added and never changed. */
@Entity('offer_version')
export class OfferVersion {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') offerId: string;
  @Column('int') number: number;
  @Column('numeric', { transformer: { to: (value: unknown) => value, from: (value: string) => Number(value) } }) payAmount: number;
  /** ISO 4217. */
  @Column('text') payCurrency: string;
  @Column('text') payPeriod: PayPeriod;
  /** YYYY-MM-DD. */
  @Column('date', { nullable: true }) startDate: string | null;
  @Column('timestamptz') expiresAt: Date;
  @Column('jsonb') terms: OtherTerms;
  @Column('text') termsHash: string;
  @Column('text') actorType: ActorType;
  @Column('uuid', { nullable: true }) actorId: string | null;
  @Column('timestamptz') createdAt: Date;
}
