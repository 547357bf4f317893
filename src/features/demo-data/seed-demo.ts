import type { INestApplicationContext } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import { systemContext, type RequestContext } from '../../common/request-context.js';
import { keyedHash } from '../../common/secrets.js';
import type { Environment } from '../../config/environment.js';
import { ENVIRONMENT } from '../../config/environment.token.js';
import { Database } from '../../infrastructure/database/database.js';
import { hashPassword } from '../../platform/identity/password.js';
import { CompanyService } from '../companies/company.service.js';
import { PipelineService, STANDARD_STAGES } from '../pipelines/pipeline.service.js';
import { ApplicationService } from '../recruiting/applications/application.service.js';
import { SubmissionService } from '../recruiting/applications/submission.service.js';
import { JobOpeningService } from '../recruiting/job-openings/job-opening.service.js';
import { DEMO_JOBS, DEMO_PEOPLE, resumeOf } from './demo-people.js';

const SLUG = 'demo';
const EMAIL = 'demo@perch.example';

export interface DemoLogin {
  readonly email: string;
  readonly password: string;
}

async function createTeam(database: Database, context: RequestContext, password: string): Promise<void> {
  const hash = await hashPassword(password);
  await database.write(context, async (manager) => {
    const userId = newId();
    await manager.query(`INSERT INTO workspace (id, slug, name) VALUES ($1, $2, 'Perch Demo')`, [context.workspace, SLUG]);
    await manager.query(`INSERT INTO user_account (id, email, display_name, password_hash) VALUES ($1, $2, 'Demo Recruiter', $3)`, [userId, EMAIL, hash]);
    await manager.query(`INSERT INTO membership (id, workspace_id, user_id, role) VALUES ($1, $2, $3, 'owner')`, [newId(), context.workspace, userId]);
  });
}

async function createRecords(nest: INestApplicationContext, context: RequestContext): Promise<void> {
  const openings = nest.get(JobOpeningService, { strict: false });
  const pipelines = nest.get(PipelineService, { strict: false });
  const pipeline = await pipelines.create(context, { name: 'Hiring', stages: STANDARD_STAGES.map((stage) => ({ ...stage })) });
  const stages = await pipelines.stages(context, pipeline.id);
  await nest.get(CompanyService, { strict: false }).create(context, { name: 'Kestrel Payments', domain: 'kestrel-payments.example', industry: 'Payments', location: 'Hamburg', status: 'client' });
  const slugs: string[] = [];
  for (const job of DEMO_JOBS) {
    const opening = await openings.create(context, { ...job, criteria: [...job.criteria] });
    slugs.push((await openings.publishPosting(context, opening.id)).slug);
  }
  for (const person of DEMO_PEOPLE) {
    const file = { name: `${person.name.replace(' ', '-')}.txt`, content: resumeOf(person) };
    const { applicationId } = await nest.get(SubmissionService, { strict: false }).submit(context, { posting: slugs[person.job], name: person.name, email: person.email }, file);
    if (person.stage > 0) await nest.get(ApplicationService, { strict: false }).move(context, applicationId, stages[person.stage]!.id);
  }
}

/**
 * Fills a database without any workspace with a demo workspace, in one transaction. The password comes from PERCH_SECRET,
 * so that each start can print it and nobody else can know it. Null where the database is in use for something else.
 */
export async function seedDemo(nest: INestApplicationContext): Promise<DemoLogin | null> {
  const database = nest.get(Database, { strict: false });
  const { secret } = nest.get<Environment>(ENVIRONMENT, { strict: false });
  const login = { email: EMAIL, password: keyedHash(secret ?? '', 'demo login').slice(0, 16) };
  const known = await database.read(systemContext(null), (manager) => manager.query<{ slug: string }[]>('SELECT slug FROM workspace LIMIT 100'), { allWorkspaces: true });
  if (known.some(({ slug }) => slug === SLUG)) return login;
  if (known.length > 0) return null;
  const context = systemContext(newId());
  await database.write(context, async () => {
    await createTeam(database, context, login.password);
    await createRecords(nest, context);
  });
  return login;
}
