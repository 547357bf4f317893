import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../common/json.js';

export type JobLogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A line that an attempt wrote about its work. */
@Entity('job_log')
export class JobLog {
  @PrimaryColumn('uuid') backgroundJobId: string;
  @PrimaryColumn('int') fence: number;
  @PrimaryColumn('int') sequence: number;
  @Column('uuid') workspaceId: string;
  @Column('timestamptz') at: Date;
  @Column('text') level: JobLogLevel;
  @Column('text') message: string;
  @Column('jsonb', { nullable: true }) data: JsonObject | null;
}
