import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '../../common/permission.js';

@Entity('membership')
export class Membership {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') userId: string;
  @Column('text') role: Role;
  @Column('timestamptz') createdAt: Date;
}
