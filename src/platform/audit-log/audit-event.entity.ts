import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../common/json.js';
import type { ActorType } from '../../common/request-context.js';

/** Who did what to which record. The application may add rows and never change or delete them. */
@Entity('audit_event')
export class AuditEvent {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('text') action: string;
  @Column('text') objectType: string;
  @Column('uuid') objectId: string;
  @Column('text') actorType: ActorType;
  @Column('uuid', { nullable: true }) actorId: string | null;
  @Column('text') requestId: string;
  @Column('jsonb') changes: JsonObject;
  @Column('timestamptz') at: Date;
}
