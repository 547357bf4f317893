import type { Page, ScoreFlag, ScorePart } from './operations.js';

/** The GraphQL operations about rankings and comparisons of candidates, as text. */

export interface RankingState {
  readonly isRunning: boolean;
  readonly progressPercent: number;
  readonly progressMessage: string | null;
  readonly errorMessage: string | null;
  readonly rankedAt: string | null;
  readonly rubricVersion: number | null;
  readonly candidateCount: number;
  readonly withoutTextCount: number;
  readonly isStale: boolean;
}

export interface RankedJob {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly version: number;
  readonly minimumYears: number | null;
  readonly criteria: readonly { readonly label: string; readonly necessity: 'must' | 'nice' }[];
  readonly rankingState: RankingState | null;
}

interface Judged {
  readonly candidate: { readonly id: string; readonly currentTitle: string | null; readonly person: { readonly displayName: string } };
  readonly flags: readonly ScoreFlag[] | null;
  readonly application: { readonly id: string; readonly status: string } | null;
}

export interface Match extends Judged {
  readonly id: string;
  readonly score: number;
  readonly parts: readonly ScorePart[];
}

const JUDGED = 'candidate { id currentTitle person { displayName } } flags { kind quote line } application { id status }';
const PART = 'kind label points maximum evidence { quote line }';

export const RANKED_JOB = `query ($id: ID!) { jobOpening(id: $id) { id title description version minimumYears criteria { label necessity }
  rankingState { isRunning progressPercent progressMessage errorMessage rankedAt rubricVersion candidateCount withoutTextCount isStale } } }`;

export interface RankingData {
  readonly jobOpening: { readonly ranking: Page<Match> | null } | null;
}
export const RANKING = `query ($id: ID!, $after: String) { jobOpening(id: $id) { ranking(first: 50, after: $after) { nodes { id score parts { ${PART} } ${JUDGED} }
  totalCount pageInfo { endCursor hasNextPage } } } }`;
export const RANK = 'mutation ($id: ID!) { rankCandidates(jobOpeningId: $id) { id } }';
export const CHANGE_REQUIREMENTS = 'mutation ($id: ID!, $version: Int!, $input: JobRequirementsInput!) { changeJobRequirements(id: $id, version: $version, input: $input) { id } }';

export interface Comparison {
  readonly candidates: readonly (Judged & { readonly score: number | null })[];
  readonly rows: readonly { readonly kind: string; readonly label: string; readonly maximum: number; readonly cells: readonly (ScorePart | null)[] }[];
}
export const COMPARE = `query ($id: ID!, $candidates: [ID!]!) { jobOpening(id: $id) { id title }
  compareCandidates(jobOpeningId: $id, candidateIds: $candidates) { candidates { score ${JUDGED} } rows { kind label maximum cells { ${PART} } } } }`;
export interface ComparisonData {
  readonly jobOpening: { readonly id: string; readonly title: string } | null;
  readonly compareCandidates: Comparison;
}
