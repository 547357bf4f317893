import 'reflect-metadata';
import { createApplication, type PerchApplication } from '../../src/bootstrap/create-application.js';
import { newId } from '../../src/common/ids.js';
import type { Role } from '../../src/common/permission.js';
import { RequestContext, systemContext } from '../../src/common/request-context.js';
import { Database } from '../../src/infrastructure/database/database.js';
import { STANDARD_STAGES, PipelineService } from '../../src/features/pipelines/pipeline.service.js';
import { SubmissionService } from '../../src/features/recruiting/applications/submission.service.js';
import { JobOpeningService } from '../../src/features/recruiting/job-openings/job-opening.service.js';
import { JobRunnerService, type JobOutcome } from '../../src/serverless-jobs/runner/job-runner.service.js';
import { mailsWhere, type SentMail } from './mail-texts.js';
import { SECRET } from './perch.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** A recruiting team in a workspace of its own. */
export interface Team {
  readonly workspaceId: string;
  /** The id of the member, made in this role where the name is new. */
  member(name: string, role?: Role): Promise<string>;
  /** A call of the member. */
  as(name: string): RequestContext;
  /** Somebody who applied for the team's one job; the id of the application. */
  applicant(name?: string, resume?: Buffer): Promise<string>;
}

/** The real application on a database of its own. Nothing listens where its transport sends to: the test delivers the jobs. */
export class Office {
  private constructor(
    readonly database: TestDatabase,
    readonly application: PerchApplication,
  ) {}

  /** `extra` adds to the environment of the application. */
  static async open(extra: Readonly<Record<string, string>> = {}): Promise<Office> {
    const database = await createTestDatabase();
    Object.assign(process.env, {
      DATABASE_URL: database.applicationUrl, PERCH_PUBLIC_URL: 'http://127.0.0.1:9', PERCH_SECRET: SECRET, QSTASH_URL: 'http://127.0.0.1:9', QSTASH_TOKEN: 'nobody',
      LOG_LEVEL: 'silent', DATABASE_POOL_SIZE: '12', ...extra,
    });
    return new Office(database, await createApplication());
  }

  get<T>(token: abstract new (...values: never[]) => T): T {
    return this.application.nest.get<T>(token, { strict: false });
  }

  async team(slug: string): Promise<Team> {
    const workspaceId = newId();
    const members = new Map<string, { readonly id: string; readonly role: Role }>();
    await this.database.query('INSERT INTO workspace (id, slug, name) VALUES ($1, $2, $3)', [workspaceId, slug, `Team ${slug}`]);
    const posting = await this.publishJob(systemContext(workspaceId));
    let applicants = 0;
    return {
      workspaceId,
      member: async (name, role = 'recruiter') => {
        const known = members.get(name);
        if (known) return known.id;
        const id = newId();
        members.set(name, { id, role });
        await this.database.query('INSERT INTO user_account (id, email, display_name) VALUES ($1, $2, $3)', [id, `${name}@${slug}.example`, name]);
        await this.database.query('INSERT INTO membership (id, workspace_id, user_id, role) VALUES ($1, $2, $3, $4)', [newId(), workspaceId, id, role]);
        return id;
      },
      as: (name) => {
        const { id, role } = members.get(name)!;
        return new RequestContext(workspaceId, { type: 'user', id }, role);
      },
      applicant: async (name = 'Ada Example', content = Buffer.from(`${name}\nEngineer\n`)) => {
        const resume = { name: 'resume.txt', content };
        const { applicationId } = await this.get(SubmissionService).submit(systemContext(workspaceId), { posting, name, email: `applicant-${++applicants}@${slug}.example` }, resume);
        return applicationId;
      },
    };
  }

  /** Works as the caller and gives back what the request holds, as a door does. */
  call<T>(context: RequestContext, work: (context: RequestContext) => Promise<T>): Promise<T> {
    return work(context).finally(() => this.get(Database).end(context));
  }

  /** Delivers everything that is due and of this kind until nothing is, and returns how it ended. */
  async work(type: string): Promise<JobOutcome[]> {
    const outcomes: JobOutcome[] = [];
    for (;;) {
      const due = await this.database.query<{ id: string; workspaceId: string }>(
        `SELECT id, workspace_id AS "workspaceId" FROM background_job WHERE type = $1 AND state IN ('queued', 'waiting') AND run_at <= now() ORDER BY id`, [type]);
      if (due.length === 0) return outcomes;
      for (const job of due) outcomes.push(await this.deliver(job.workspaceId, job.id));
    }
  }

  deliver(workspaceId: string, jobId: string): Promise<JobOutcome> {
    return this.deliverWithin(workspaceId, jobId, 50_000);
  }

  /** Delivers the job to a process that has so many milliseconds left. */
  deliverWithin(workspaceId: string, jobId: string, milliseconds: number): Promise<JobOutcome> {
    return this.get(JobRunnerService).run({ workspaceId, jobId, messageId: null }, performance.now() + milliseconds);
  }

  /** Lets the time of a run's open wait pass; the database's clock decides, so its rows are changed. Returns the name of the wait. */
  async passTime(runId: string): Promise<string | undefined> {
    const [step] = await this.database.query<{ name: string }>(
      "UPDATE workflow_step SET due_at = clock_timestamp() WHERE background_job_id = $1 AND state = 'waiting' RETURNING name", [runId]);
    await this.database.query('UPDATE background_job SET run_at = now() WHERE id = $1', [runId]);
    return step?.name;
  }

  /** The newest run about the record. */
  async run(subjectId: string): Promise<{ id: string; state: string; result: object | null; errorMessage: string | null }> {
    const [row] = await this.database.query<{ id: string; state: string; result: object | null; errorMessage: string | null }>(
      `SELECT id, state, result, error_message AS "errorMessage" FROM background_job WHERE subject_id = $1 AND kind = 'workflow' ORDER BY id DESC LIMIT 1`, [subjectId]);
    return row!;
  }

  /** The mails of a team in the order in which they were written. */
  mails(team: Team): Promise<SentMail[]> {
    return mailsWhere(this.database, 'workspace_id = $1', [team.workspaceId]);
  }

  async close(): Promise<void> {
    await this.application.close();
    await this.database.drop();
  }

  private publishJob(context: RequestContext): Promise<string> {
    return this.get(Database).write(context, async () => {
      await this.get(PipelineService).create(context, { name: 'Hiring', stages: STANDARD_STAGES.map((stage) => ({ ...stage })) });
      const openings = this.get(JobOpeningService);
      const opening = await openings.create(context, { title: 'Engineer', description: 'Builds things.' });
      return (await openings.publishPosting(context, opening.id)).slug;
    });
  }
}

/** The code with which the work is refused. */
export const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(() => 'nothing was refused', (error: { code?: string; message: string }) => error.code ?? error.message);
