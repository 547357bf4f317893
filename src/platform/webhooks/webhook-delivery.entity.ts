import { Column, Entity, PrimaryColumn } from 'typeorm';

export type DeliveryState = 'pending' | 'delivered' | 'failed';

/** One event for one endpoint, with the body that is sent. An event has one delivery an endpoint, however often it is sent. */
@Entity('webhook_delivery')
export class WebhookDelivery {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') webhookId: string;
  /** The id of the CloudEvent and the header webhook-id: the same in every attempt. */
  @Column('uuid') eventId: string;
  @Column('text') eventType: string;
  @Column('text') body: string;
  @Column('text') state: DeliveryState;
  /** Grows with each replay; a job of an earlier round has nothing more to do. */
  @Column('int') round: number;
  @Column('int') attempts: number;
  /** Those of earlier rounds: each round goes through the whole schedule. */
  @Column('int') attemptsBefore: number;
  @Column('timestamptz', { nullable: true }) nextAttemptAt: Date | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
}
