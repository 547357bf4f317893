import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Clock } from '../../common/clock.js';
import { newId } from '../../common/ids.js';
import { canonicalJson, type JsonObject } from '../../common/json.js';
import { sha256 } from '../../common/secrets.js';
import { Database } from '../../infrastructure/database/database.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { ApplicationService } from '../recruiting/applications/application.service.js';
import { CandidateService } from '../recruiting/candidates/candidate.service.js';
import { DocumentService } from '../recruiting/documents/document.service.js';
import { JobOpening } from '../recruiting/job-openings/job-opening.entity.js';
import { JobOpeningService } from '../recruiting/job-openings/job-opening.service.js';
import { PARSER_VERSION } from './parser/parse-resume.js';
import { analyzeResume } from './resume-analysis.jobs.js';
import { readResume, type ReadResume } from './resume-reader.js';
import { ScoreRun } from './score-run.entity.js';
import { SCORER_VERSION, scoreResume, yearsOfWork, type JobRequirements, type Score } from './scoring/score-resume.js';

interface AnalysisInput {
  readonly applicationId: string;
  readonly candidateId: string;
  readonly documentId: string;
  readonly requirements: JobRequirements;
}

@Injectable()
@JobHandler(analyzeResume)
export class AnalyzeResume implements JobWork<typeof analyzeResume> {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApplicationService) private readonly applications: ApplicationService,
    @Inject(CandidateService) private readonly candidates: CandidateService,
    @Inject(DocumentService) private readonly documents: DocumentService,
    @Inject(JobOpeningService) private readonly jobOpenings: JobOpeningService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async handle(job: RunningJob, { applicationId, documentId }: z.output<typeof analyzeResume.payload>): Promise<void> {
    await job.progress(10, 'Opening the resume');
    const application = await this.applications.get(job.context, applicationId);
    const requirements = await this.requirements(job, application.jobOpeningId);
    const content = await this.documents.content(job.context, documentId);
    await job.progress(30, 'Reading the resume');
    const resume = await readResume(content);
    await job.progress(80, 'Scoring against the job');
    const score = scoreResume(requirements, resume.record, resume.lines, this.clock.now());
    await this.store(job, { applicationId, candidateId: application.candidateId, documentId, requirements }, resume, score);
  }

  private async requirements(job: RunningJob, jobOpeningId: string): Promise<JobRequirements> {
    const opening = await this.database.read(job.context, (manager) => manager.findOneOrFail(JobOpening, { where: { id: jobOpeningId }, withDeleted: true }));
    const criteria = await this.jobOpenings.criteria(job.context, jobOpeningId);
    return { title: opening.title, minimumYears: opening.minimumYears, criteria: criteria.map(({ label, necessity }) => ({ label, necessity })) };
  }

  /** Record, score and completion are one transaction: a redelivery finds all of it or nothing. */
  private async store(job: RunningJob, input: AnalysisInput, { record, hidden }: ReadResume, { score, parts }: Score): Promise<void> {
    const { applicationId, candidateId, documentId, requirements } = input;
    const runId = newId();
    await job.complete(async (manager) => {
      await this.documents.storeParsed(job.context, documentId, record as unknown as JsonObject, PARSER_VERSION);
      await this.documents.storeHidden(job.context, documentId, hidden.map((line) => line.text));
      await this.candidates.learn(job.context, candidateId, {
        currentTitle: record.work[0]?.position || null, yearsExperience: yearsOfWork(record, this.clock.now()) || null, skills: record.skills.map((skill) => skill.name),
      });
      await manager.insert(ScoreRun, {
        id: runId, workspaceId: job.context.workspace, applicationId, documentId, scorerVersion: SCORER_VERSION,
        inputHash: sha256(canonicalJson({ requirements, record })), score, parts: [...parts], createdAt: this.clock.now(),
      });
      await this.applications.setScore(job.context, applicationId, score, runId);
      return { score, scoreRunId: runId };
    });
  }
}
