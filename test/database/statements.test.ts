import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../support/client.js';
import { startPerch, type Perch } from '../support/perch.js';
import { StatementCounter } from '../support/statement-counter.js';

const LISTS: readonly (readonly [name: string, query: string])[] = [
  ['applications', `query ($first: Int!) { applications(first: $first) { nodes { id stage { name } jobOpening { title company { name } posting { slug } } stageEvents { at from { name } to { name } user { displayName } }
    analysis { state } scoreRun { score parts { label } } offers { status approval { status } } outreach { status }
    candidate { skills documents { fileName } person { displayName emails { address } phones { number } company { name } } } } totalCount } }`],
  ['candidates', 'query ($first: Int!) { candidates(first: $first) { nodes { id documents { fileName } person { displayName emails { address } phones { number } company { name } } applications { status stage { name } jobOpening { title } } } totalCount } }'],
  ['people', 'query ($first: Int!) { people(first: $first) { nodes { id displayName emails { address } phones { number } company { name } } totalCount } }'],
  ['job openings', 'query ($first: Int!) { jobOpenings(first: $first) { nodes { id title criteria { label } posting { slug } company { name } pipeline { stages { name } } } totalCount } }'],
  ['background jobs', 'query ($first: Int!) { backgroundJobs(first: $first) { nodes { id type state attempts } totalCount } }'],
];

/** Sixty of everything, each with relations of its own. */
const FILL = `
WITH w AS (SELECT id, (SELECT id FROM pipeline p WHERE p.workspace_id = w.id LIMIT 1) AS pipeline FROM workspace w WHERE slug = 'demo'),
made AS (SELECT gen_random_uuid() AS company, gen_random_uuid() AS person, gen_random_uuid() AS candidate, gen_random_uuid() AS opening, gen_random_uuid() AS application, n FROM generate_series(1, 60) n),
companies AS (INSERT INTO company (id, workspace_id, name) SELECT company, w.id, 'Company ' || n FROM made, w),
people AS (INSERT INTO person (id, workspace_id, display_name, company_id) SELECT person, w.id, 'Person ' || n, company FROM made, w),
emails AS (INSERT INTO person_email (id, workspace_id, person_id, address, normalised) SELECT gen_random_uuid(), w.id, person, n || '@example.com', n || '@example.com' FROM made, w),
candidates AS (INSERT INTO candidate (id, workspace_id, person_id) SELECT candidate, w.id, person FROM made, w),
documents AS (INSERT INTO document (id, workspace_id, candidate_id, kind, file_name, mime_type, byte_size, sha256, storage_key) SELECT gen_random_uuid(), w.id, candidate, 'resume', 'r.pdf', 'application/pdf', 1, sha256(candidate::text::bytea), 'documents/' || candidate FROM made, w),
openings AS (INSERT INTO job_opening (id, workspace_id, title, description, pipeline_id, company_id) SELECT opening, w.id, 'Opening ' || n, 'x', pipeline, company FROM made, w),
criteria AS (INSERT INTO criterion (id, workspace_id, job_opening_id, label, necessity, position) SELECT gen_random_uuid(), w.id, opening, 'SQL', 'must', 1 FROM made, w),
stage AS (SELECT s.id FROM pipeline_stage s, w WHERE s.pipeline_id = w.pipeline ORDER BY position LIMIT 1),
applications AS (INSERT INTO application (id, workspace_id, candidate_id, job_opening_id, pipeline_stage_id) SELECT application, w.id, candidate, opening, stage.id FROM made, w, stage),
jobs AS (INSERT INTO background_job (id, workspace_id, type, payload, state, max_attempts, actor_type) SELECT gen_random_uuid(), w.id, 'old', '{}', 'done', 1, 'system' FROM made, w)
INSERT INTO stage_event (id, workspace_id, application_id, to_stage_id, actor_type) SELECT gen_random_uuid(), w.id, application, stage.id, 'system' FROM made, w, stage`;

describe('the statements of a list', () => {
  let counter: StatementCounter;
  let perch: Perch;
  let client: Client;

  beforeAll(async () => {
    perch = await startPerch('process', async (database) => {
      counter = await StatementCounter.before(database.applicationUrl);
      return { DATABASE_URL: counter.url };
    });
    await perch.database.query(FILL);
    client = await new Client(perch.address).signIn();
  });
  afterAll(async () => {
    await perch.stop();
    counter.close();
  });

  it.each(LISTS)('are no more for fifty %s than five', async (_, query) => {
    const read = async (first: number): Promise<number> => {
      const counts: number[] = [];
      // Whatever else goes on in the process adds statements, and takes none away.
      for (let time = 0; time < 3; time++) {
        counts.push(await counter.during(async () => {
          const { data, errors } = await client.graphql<Record<string, { nodes: unknown[] }>>(query, { first });
          expect(errors).toBeUndefined();
          expect(Object.values(data)[0]!.nodes).toHaveLength(first);
        }));
      }
      return Math.min(...counts);
    };
    await read(5);
    const [few, many] = [await read(5), await read(50)];
    expect(few).toBeGreaterThan(2);
    // A relation that none of the five has is not asked for.
    expect(many).toBeLessThanOrEqual(few + 2);
  });
});
