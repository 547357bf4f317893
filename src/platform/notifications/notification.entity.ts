import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../common/json.js';

/** Something that a user should know; shown in the inbox until it is read. */
@Entity('notification')
export class Notification {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') userId: string;
  @Column('text') kind: string;
  /** The same kind and key reach a user once. */
  @Column('text') dedupeKey: string;
  @Column('jsonb') body: JsonObject;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) readAt: Date | null;
}
