import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';

export type WebhookState = 'enabled' | 'disabled';
/** `gone`: the endpoint answered 410. `failing`: nothing arrived for days. */
export type DisabledReason = 'by_member' | 'gone' | 'failing';

/** An endpoint outside that is told of events. Its sealed secrets are not read with it. */
@Entity('webhook')
export class Webhook {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('text') name: string;
  @Column('text') url: string;
  /** CloudEvents types; null for all, also those that are yet to come. */
  @Column('text', { array: true, nullable: true }) eventTypes: string[] | null;
  @Column('text') state: WebhookState;
  @Column('text', { nullable: true }) disabledReason: DisabledReason | null;
  @Column('timestamptz', { nullable: true }) disabledAt: Date | null;
  /** Since when every attempt has failed; null after one that did not. */
  @Column('timestamptz', { nullable: true }) failingSince: Date | null;
  @Column('text', { select: false }) secret: string;
  @Column('text', { nullable: true, select: false }) previousSecret: string | null;
  /** Until when messages are signed with the previous secret as well. */
  @Column('timestamptz', { nullable: true }) previousSecretUntil: Date | null;
  @VersionColumn() version: number;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') updatedAt: Date;
}
