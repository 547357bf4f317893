/** The GraphQL operations of resumes that are rewritten for a job. */

export type VariantStatus = 'running' | 'paused' | 'ready' | 'failed' | 'cancelled';

export interface VariantState {
  readonly status: VariantStatus;
  readonly step: string | null;
  readonly problem: string | null;
}

export interface VariantDocument {
  readonly id: string;
  readonly kind: string;
  readonly fileName: string;
  readonly byteSize: number;
}

export interface VariantRow {
  readonly id: string;
  readonly createdAt: string;
  readonly state: VariantState;
  readonly documents: readonly VariantDocument[];
}

export interface ModelCall {
  readonly id: string;
  readonly step: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number | null;
  readonly outcome: string;
}

export interface Variant extends VariantRow {
  readonly applicationId: string;
  readonly runId: string | null;
  readonly readyAt: string | null;
  readonly modelCalls: readonly ModelCall[];
}

export interface DiffPart {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

export interface Quote {
  readonly line: number;
  readonly text: string;
}

export interface VariantResult {
  readonly diff: readonly { readonly heading: string; readonly changed: boolean; readonly lines: readonly { readonly kind: string; readonly parts: readonly DiffPart[] }[] }[];
  readonly letter: readonly string[];
  readonly kept: readonly { readonly section: string; readonly text: string; readonly quotes: readonly Quote[] }[];
  readonly refused: readonly { readonly section: string; readonly text: string; readonly reason: string; readonly what: string; readonly instead: string | null }[];
  readonly instructions: readonly Quote[];
  readonly misread: readonly string[];
}

const STATE = 'state { status step problem }';
const DOCUMENTS = 'documents { id kind fileName byteSize }';

export interface VariantsData {
  readonly application: { readonly resumeVariants: readonly VariantRow[] } | null;
}
export const VARIANTS = `query ($id: ID!) { application(id: $id) { resumeVariants { id createdAt ${STATE} ${DOCUMENTS} } } }`;
export const VARIANT = `query ($id: ID!) { resumeVariant(id: $id) { id applicationId runId createdAt readyAt ${STATE} ${DOCUMENTS} modelCalls { id step model inputTokens outputTokens costUsd outcome } } }`;
export const VARIANT_RESULT = `query ($id: ID!) { resumeVariantResult(id: $id) {
  diff { heading changed lines { kind parts { kind text } } } letter kept { section text quotes { line text } } refused { section text reason what instead } instructions { line text } misread } }`;
export const OPTIMIZE = 'mutation ($id: ID!) { optimizeResume(applicationId: $id) { id } }';
export const CANCEL_VARIANT = 'mutation ($id: ID!) { cancelResumeOptimization(variantId: $id) { id } }';
export const RETRY_VARIANT = 'mutation ($id: ID!, $step: String) { retryResumeOptimization(variantId: $id, fromStep: $step) { id } }';
