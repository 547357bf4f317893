import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, type GraphQLAnswer } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { addMember, MEMBER_PASSWORD } from '../support/members.js';
import { startPerch, type Perch } from '../support/perch.js';

const FIELDS = 'id title rankingState { rubricVersion isStale } ranking(first: 3) { totalCount nodes { score rubricVersion candidate { id person { displayName } } application { id } parts { label points evidence { quote } } flags { quote } } }';
const RANKED = `query ($id: ID!) { jobOpening(id: $id) { ${FIELDS} } }`;
const COMPARE = 'query ($id: ID!, $candidates: [ID!]!) { compareCandidates(jobOpeningId: $id, candidateIds: $candidates) { candidates { score flags { quote } } rows { cells { points evidence { quote } } } } }';

interface Ranked {
  readonly jobOpening: {
    readonly rankingState: object | null;
    readonly ranking: { readonly totalCount: number; readonly nodes: readonly { readonly candidate: { readonly id: string }; readonly parts: readonly { readonly evidence: object | null }[]; readonly flags: object | null; readonly application: object | null }[] } | null;
  };
}

describe('access to rankings', () => {
  let perch: Perch;
  let owner: Client;
  let id: string;
  let candidates: string[];

  const ranked = (client: Client): Promise<GraphQLAnswer<Ranked>> => client.graphql<Ranked>(RANKED, { id });
  const codes = ({ errors }: GraphQLAnswer<unknown>): (string | undefined)[] | undefined => errors?.map(({ extensions }) => extensions.code);

  beforeAll(async () => {
    perch = await startPerch('process');
    owner = await new Client(perch.address).signIn();
    id = (await perch.database.query<{ id: string }>("SELECT id FROM job_opening WHERE title = 'Senior Backend Engineer'"))[0]!.id;
    await eventually('the resumes were read', async () => (await perch.database.query('SELECT 1 FROM document_text')).length === 8);
    await owner.graphql('mutation ($id: ID!) { rankCandidates(jobOpeningId: $id) { id } }', { id });
    await eventually('the ranking was made', async () => (await perch.database.query('SELECT 1 FROM candidate_ranking WHERE finished_at IS NOT NULL')).length === 1);
    candidates = (await ranked(owner)).data.jobOpening.ranking!.nodes.map(({ candidate }) => candidate.id);
  });
  afterAll(() => perch.stop());

  it('is full for who recruits', async () => {
    const { data: { jobOpening: { ranking, rankingState } } } = await ranked(owner);
    expect(rankingState).toEqual({ rubricVersion: 1, isStale: false });
    expect(ranking).toMatchObject({ totalCount: 8, nodes: [{ application: { id: expect.any(String) }, flags: [] }, {}, {}] });
    expect(ranking!.nodes[0]!.parts.some(({ evidence }) => evidence !== null)).toBe(true);
  });

  it('is refused to interviewers', async () => {
    await addMember(perch.database, 'Ina Interviewer', 'interviewer');
    const interviewer = await new Client(perch.address).signIn('ina.interviewer@perch.example', MEMBER_PASSWORD);
    expect((await ranked(interviewer)).data.jobOpening).toMatchObject({ ranking: null, rankingState: null });
    expect(codes(await interviewer.graphql('mutation ($id: ID!) { rankCandidates(jobOpeningId: $id) { id } }', { id }))).toEqual(['FORBIDDEN']);
    expect(codes(await interviewer.graphql(COMPARE, { id, candidates }))).toEqual(['FORBIDDEN']);
    expect(codes(await interviewer.graphql('mutation ($id: ID!) { changeJobRequirements(id: $id, version: 1, input: { title: "X", description: "Y" }) { id } }', { id }))).toEqual(['FORBIDDEN']);
  });

  it('has no quotes without documents', async () => {
    const made = await owner.graphql<{ createApiKey: { token: string } }>(
      'mutation { createApiKey(input: { name: "ranks", scopes: ["job-openings.read", "candidates.read", "candidate-ranking.read"], days: 1 }) { token } }');
    const key = new Client(perch.address).useToken(made.data.createApiKey.token);
    const { data: { jobOpening: { ranking } } } = await ranked(key);
    expect(ranking!.nodes.map(({ parts, flags, application }) => [parts.filter(({ evidence }) => evidence !== null).length, flags, application])).toEqual([[0, null, null], [0, null, null], [0, null, null]]);
    const compared = await key.graphql<{ compareCandidates: { candidates: { flags: null }[]; rows: { cells: { evidence: null }[] }[] } }>(COMPARE, { id, candidates });
    expect(JSON.stringify(compared.data)).not.toContain('"quote"');
    expect(compared.data.compareCandidates.rows[0]!.cells).toHaveLength(3);
  });

  it('keeps to versions and to the workspace', async () => {
    const stale = await owner.graphql('mutation ($id: ID!) { changeJobRequirements(id: $id, version: 99, input: { title: "X", description: "Y" }) { id } }', { id });
    expect(codes(stale)).toEqual(['VERSION_CONFLICT']);
    expect(codes(await owner.graphql('mutation { rankCandidates(jobOpeningId: "01a20d21-0000-7000-8000-00000000000f") { id } }'))).toEqual(['NOT_FOUND']);
    expect(codes(await owner.graphql(RANKED.replace('first: 3', 'first: 3, after: "bad"'), { id }))).toEqual(['INVALID_INPUT']);
  });
});
