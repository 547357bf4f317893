import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The outcome of a call that was begun: it is being made, or the process that made it has ended. */
export const OPEN_CALL = 'open';

const dollars = { to: (value: unknown) => value, from: (value: string | null) => (value === null ? null : Number(value)) };

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
  /** US dollars; null where the price of the model is not known, and while the call is open. */
  @Column('numeric', { nullable: true, transformer: dollars }) costUsd: number | null;
  /** US dollars that count against the budgets: the most that the call can cost, until its cost is known. */
  @Column('numeric', { transformer: dollars }) countedUsd: number;
  /** `open`, `done`, or the code of the error that ended it. */
  @Column('text') outcome: string;
  @Column('timestamptz') createdAt: Date;
}
