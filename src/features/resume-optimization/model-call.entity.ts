import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One call of a language model for a variant: what it was for, what it used and how it ended. */
@Entity('model_call')
export class ModelCallRecord {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') resumeVariantId: string;
  /** Name of the run's step. */
  @Column('text') step: string;
  @Column('text') provider: string;
  @Column('text') model: string;
  @Column('int') inputTokens: number;
  @Column('int') cachedInputTokens: number;
  @Column('int') outputTokens: number;
  /** Whether the tokens were guessed from the length of the texts. */
  @Column('boolean') estimated: boolean;
  /** US dollars; null where the price of the model is not known. */
  @Column('numeric', { nullable: true, transformer: { to: (value: unknown) => value, from: (value: string | null) => (value === null ? null : Number(value)) } }) costUsd: number | null;
  /** `done`, or the code of the error that ended it. */
  @Column('text') outcome: string;
  @Column('timestamptz') createdAt: Date;
}
