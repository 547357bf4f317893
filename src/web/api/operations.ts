/** The GraphQL operations of the screens, as text: no parser is sent to the browser. */

export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly totalCount: number;
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

export interface Stage {
  readonly id: string;
  readonly name: string;
  readonly category: string;
}

export type JobState = 'queued' | 'running' | 'waiting' | 'paused' | 'done' | 'dead' | 'cancelled' | 'discarded';

export interface Analysis {
  readonly id: string;
  readonly state: JobState;
  readonly progressPercent: number;
  readonly progressMessage: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly attempts: number;
}

const ANALYSIS = 'analysis { id state progressPercent progressMessage errorCode errorMessage attempts }';
const PAGE = 'totalCount pageInfo { endCursor hasNextPage }';

export interface Viewer {
  readonly role: string;
  readonly permissions: readonly string[];
  readonly user: { readonly email: string; readonly displayName: string } | null;
  readonly workspace: { readonly name: string; readonly slug: string };
}
export interface ViewerAnswer {
  readonly viewer: Viewer;
  readonly systemState: { readonly readOnly: boolean };
}
export const VIEWER = '{ viewer { role permissions user { email displayName } workspace { name slug } } systemState { readOnly } }';

export interface Posting {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly location: string | null;
  readonly employmentType: string;
}
export interface CareersData {
  readonly careersPage: { readonly workspaceName: string; readonly postings: readonly Posting[] } | null;
}
export const CAREERS = 'query ($workspace: String!) { careersPage(workspace: $workspace) { workspaceName postings { id slug title description location employmentType } } }';

export interface JobRow {
  readonly id: string;
  readonly title: string;
  readonly department: string | null;
  readonly location: string | null;
  readonly status: string;
  readonly createdAt: string;
  readonly posting: { readonly slug: string; readonly publishedAt: string | null; readonly withdrawnAt: string | null } | null;
  readonly company: { readonly name: string } | null;
}
export const JOBS = `query ($after: String, $text: String) { jobOpenings(first: 50, after: $after, filter: { text: $text }) { nodes {
  id title department location status createdAt posting { slug publishedAt withdrawnAt } company { name } } ${PAGE} } }`;
export const CREATE_JOB = 'mutation ($input: JobOpeningInput!) { createJobOpening(input: $input) { id } }';
export const PUBLISH = 'mutation ($id: ID!) { publishPosting(jobOpeningId: $id) { slug } }';

export interface BoardJob {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly posting: { readonly slug: string; readonly withdrawnAt: string | null } | null;
  readonly pipeline: { readonly stages: readonly Stage[] };
}
export const BOARD_JOB = 'query ($id: ID!) { jobOpening(id: $id) { id title status posting { slug withdrawnAt } pipeline { stages { id name category } } } }';

export interface Card {
  readonly id: string;
  readonly score: number | null;
  readonly stageSince: string;
  readonly candidate: { readonly currentTitle: string | null; readonly person: { readonly displayName: string } };
  readonly analysis: Analysis | null;
}
export const CARDS = `query ($job: ID!, $stage: ID!, $sort: ApplicationSort!, $first: Int, $after: String) {
  applications(first: $first, after: $after, sort: $sort, filter: { jobOpeningId: $job, stageId: $stage }) { nodes {
    id score stageSince candidate { currentTitle person { displayName } } ${ANALYSIS} } ${PAGE} } }`;
export const MOVE = 'mutation ($id: ID!, $stage: ID!) { moveApplication(id: $id, stageId: $stage) { id stage { id } } }';
export const REJECT = 'mutation ($id: ID!, $reason: String!) { rejectApplication(id: $id, reason: $reason) { id } }';
export const RESTORE = 'mutation ($id: ID!) { restoreApplication(id: $id) { id } }';

export interface ResumeRecord {
  readonly basics?: { readonly name?: string; readonly label?: string; readonly summary?: string; readonly email?: string; readonly phone?: string };
  readonly work?: readonly { readonly name?: string; readonly position?: string; readonly startDate?: string; readonly endDate?: string; readonly summary?: string; readonly highlights?: readonly string[] }[];
  readonly education?: readonly { readonly institution?: string; readonly area?: string; readonly studyType?: string; readonly startDate?: string; readonly endDate?: string }[];
  readonly skills?: readonly { readonly name?: string; readonly keywords?: readonly string[] }[];
}
export interface ScorePart {
  readonly kind: string;
  readonly label: string;
  readonly points: number;
  readonly maximum: number;
  readonly evidence: { readonly quote: string; readonly line: number } | null;
}
export interface ScoreFlag {
  readonly kind: 'hidden' | 'copied' | 'listed' | 'repeated' | 'negated';
  readonly quote: string;
  readonly line: number;
}
export interface StageEvent {
  readonly id: string;
  readonly at: string;
  readonly reason: string | null;
  readonly actorType: string;
  readonly from: { readonly name: string } | null;
  readonly to: { readonly name: string };
  readonly user: { readonly displayName: string } | null;
}
export interface ApplicationDetail {
  readonly id: string;
  readonly status: string;
  readonly score: number | null;
  readonly appliedAt: string;
  readonly rejectReason: string | null;
  readonly stage: Stage;
  readonly jobOpening: { readonly id: string; readonly title: string; readonly pipeline: { readonly stages: readonly Stage[] } };
  readonly candidate: {
    readonly currentTitle: string | null;
    readonly yearsExperience: number | null;
    readonly person: { readonly displayName: string; readonly emails: readonly { readonly address: string }[] | null; readonly phones: readonly { readonly number: string }[] | null };
    readonly documents: readonly { readonly id: string; readonly fileName: string; readonly byteSize: number; readonly parsed: ResumeRecord | null; readonly hiddenText: readonly string[] | null; readonly recognizedPages: number }[] | null;
  };
  readonly stageEvents: readonly StageEvent[];
  readonly analysis: Analysis | null;
  readonly scoreRun: { readonly score: number; readonly parts: readonly ScorePart[]; readonly flags: readonly ScoreFlag[] } | null;
}
export const APPLICATION = `query ($id: ID!) { application(id: $id) { id status score appliedAt rejectReason stage { id name category }
  jobOpening { id title pipeline { stages { id name category } } }
  candidate { currentTitle yearsExperience person { displayName emails { address } phones { number } } documents { id fileName byteSize parsed hiddenText recognizedPages } }
  stageEvents { id at reason actorType from { name } to { name } user { displayName } } ${ANALYSIS}
  scoreRun { score parts { kind label points maximum evidence { quote line } } flags { kind quote line } } } }`;

export const RETRY = 'mutation ($id: ID!) { retryBackgroundJob(id: $id) { id state } }';

export interface Schedule {
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly paused: boolean;
  readonly lastSlot: string | null;
  readonly nextSlots: readonly string[];
}
const SCHEDULE = 'name cron timeZone paused lastSlot nextSlots';
export const SCHEDULES = `{ jobSchedules { ${SCHEDULE} } }`;
export const PAUSE_SCHEDULE = `mutation ($name: String!) { pauseSchedule(name: $name) { ${SCHEDULE} } }`;
export const RESUME_SCHEDULE = `mutation ($name: String!) { resumeSchedule(name: $name) { ${SCHEDULE} } }`;
export const RUN_SCHEDULE = `mutation ($name: String!) { runScheduleNow(name: $name) { ${SCHEDULE} } }`;
