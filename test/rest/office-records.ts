import type { JsonObject } from '../../src/common/json.js';
import { Client } from '../support/client.js';
import { startPerch, type Perch, type Shape } from '../support/perch.js';
import { allScopes } from '../support/scopes.js';
import { RestBench, type DocumentedOperation, type RestAnswer } from './rest-bench.js';
import { textResume } from './text-resume.js';

/** Ids of records, by the first part of the path below which they are. */
export type Records = Readonly<Record<string, string>>;

/** Perch with its owner, a program with all rights, and records for it to work on. */
export interface RestOffice {
  readonly perch: Perch;
  readonly owner: Client;
  readonly program: RestBench;
  readonly records: Records;
}

export async function openOffice(shape: Shape): Promise<RestOffice> {
  const perch = await startPerch(shape);
  const owner = await new Client(perch.address).signIn();
  const program = await RestBench.withScopes(owner, allScopes());
  return { perch, owner, program, records: await makeRecords(owner, program) };
}

/** One record of each kind; the application was sent with a resume, and has an offer. */
async function makeRecords(owner: Client, program: RestBench): Promise<Records> {
  const { body } = await owner.apply({ email: `r${Math.random().toString(36).slice(2)}@example.com`, resume: textResume(), fileName: 'resume.txt' });
  const { applicationId } = body as { applicationId: string };
  await owner.analysed(applicationId);
  const { body: application } = await program.get(`/applications/${applicationId}`);
  const { data } = await owner.graphql<{ createOffer: { id: string } }>('mutation ($id: ID!, $terms: OfferTermsInput!) { createOffer(applicationId: $id, terms: $terms) { id } }',
    { id: applicationId, terms: { payAmount: 60_000, payCurrency: 'EUR', payPeriod: 'year', expiresAt: '2031-01-01T00:00:00Z', startDate: '2031-02-01' } });
  const { body: candidate } = await program.get(`/candidates/${String(application['candidateId'])}`);
  const { body: opening } = await program.get(`/job-openings/${String(application['jobOpeningId'])}`);
  const { body: company } = await program.post('/companies', { name: 'Records Ltd' });
  const { body: pipeline } = await program.get(`/pipelines/${String(opening['pipelineId'])}`);
  const { body: person } = await program.post('/people', { displayName: 'Not A Candidate' });
  const { body: webhook } = await program.post('/webhooks', { name: 'Records', url: 'https://hooks.example.com/records', eventTypes: ['io.perch.offer.created'] });
  const { body: delivery } = await program.post(`/webhooks/${String(webhook['id'])}/test`);
  return {
    webhooks: String(webhook['id']), 'webhook-deliveries': String(delivery['id']),
    applications: applicationId, offers: data.createOffer.id, candidates: String(candidate['id']), people: String(person['id']), 'job-openings': String(opening['id']), companies: String(company['id']),
    pipelines: String(pipeline['id']), 'background-jobs': String(application['analysisJobId']), stage: String((pipeline['stages'] as unknown as JsonObject[])[1]!['id']),
  };
}

/** A body that each operation accepts of these records. */
export function bodyOf(operationId: string, records: Records): JsonObject | undefined {
  const requirements = { title: 'Records keeper', description: 'Keeps records.', minimumYears: 2, criteria: [{ label: 'Care', necessity: 'must' }] };
  const bodies: Readonly<Record<string, JsonObject>> = {
    createPerson: { displayName: 'Somebody New', email: 'somebody.new@example.com', companyId: records['companies']! }, createCandidate: { personId: records['people']! }, createCompany: { name: 'New Ltd', domain: 'new.example.com' },
    replaceCompany: { name: 'Newer Ltd' }, createPipeline: { name: 'Fast', stages: [{ name: 'Applied', category: 'applied' }, { name: 'Hired', category: 'hired' }] },
    createJobOpening: { ...requirements, employmentType: 'PART_TIME' }, replaceJobRequirements: requirements,
    createApplication: { candidateId: records['candidates']!, jobOpeningId: records['other-opening'] ?? records['job-openings']! }, moveApplication: { stageId: records['stage']! },
    createWebhook: { name: 'New', url: 'https://hooks.example.com/new', eventTypes: ['io.perch.offer.created'] }, replaceWebhook: { name: 'Newer', url: 'https://hooks.example.com/newer', eventTypes: ['io.perch.offer.created'] },
    replayFailedDeliveries: { since: '2026-01-01T00:00:00Z' },
    rejectApplication: { reason: 'Not now' }, withdrawApplication: { reason: 'Another job' },
  };
  return bodies[operationId];
}

/** Calls an operation on the records; what needs If-Match gets the version of now, or 1. */
export async function callOn(program: RestBench, { method, path, operationId, parameters }: DocumentedOperation, records: Records): Promise<RestAnswer> {
  const [, kind = ''] = path.split('/');
  const at = path.replace('{id}', records[kind] ?? '');
  const needsTag = parameters.some(({ name, required }) => name === 'If-Match' && required);
  const tag = needsTag ? (await program.get(`/${kind}/${records[kind]!}`)).headers['etag'] ?? '"1"' : null;
  return program.send(method, at, bodyOf(operationId, records), tag === null ? {} : { 'if-match': tag });
}
