import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ActorType } from '../../../common/request-context.js';

/** A step of an application's way through its pipeline; rows are added and never changed. */
@Entity('stage_event')
export class StageEvent {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') applicationId: string;
  @Column('uuid', { nullable: true }) fromStageId: string | null;
  @Column('uuid') toStageId: string;
  @Column('text') actorType: ActorType;
  @Column('uuid', { nullable: true }) actorId: string | null;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('bigint', { nullable: true, transformer: { to: (value: unknown) => value, from: (value: string | null) => (value === null ? null : Number(value)) } })
  timeInPreviousMs: number | null;
  @Column('timestamptz') at: Date;
}
