import { Column, Entity, PrimaryColumn } from 'typeorm';

export type StageCategory = 'lead' | 'applied' | 'screen' | 'interview' | 'offer' | 'hired' | 'rejected';

/** A column of a board. Its name is free; its category is what reports count. */
@Entity('pipeline_stage')
export class PipelineStage {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') pipelineId: string;
  @Column('text') name: string;
  @Column('int') position: number;
  @Column('text') category: StageCategory;
}
