import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One request to an endpoint and what came of it. */
@Entity('webhook_attempt')
export class WebhookAttempt {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') webhookDeliveryId: string;
  @Column('int') number: number;
  @Column('timestamptz') at: Date;
  @Column('int') durationMs: number;
  /** Null where nothing was answered. */
  @Column('int', { nullable: true }) status: number | null;
  @Column('text', { nullable: true }) errorCode: string | null;
  @Column('text', { nullable: true }) errorMessage: string | null;
  /** How the answer's body began. */
  @Column('text', { nullable: true }) answer: string | null;
}
