import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Clock } from '../../common/clock.js';
import { newId } from '../../common/ids.js';
import type { JsonObject } from '../../common/json.js';
import { JobHandler, type JobWork } from '../../serverless-jobs/definition/job-handler.js';
import type { RunningJob } from '../../serverless-jobs/runner/running-job.js';
import { ApplicationService } from '../recruiting/applications/application.service.js';
import { CandidateService } from '../recruiting/candidates/candidate.service.js';
import { DocumentService } from '../recruiting/documents/document.service.js';
import type { ResumeRecord } from './parser/json-resume.js';
import { PARSER_VERSION } from './parser/parse-resume.js';
import { analyzeResume } from './resume-analysis.jobs.js';
import { ScannedResumeError } from './resume-reader.js';
import { ScannedResumes } from './scanned-resumes.service.js';
import { ScoreRun } from './score-run.entity.js';
import { inputHash } from './scoring/input-hash.js';
import { prepareRubric } from './scoring/prepared-rubric.js';
import type { ResumeText, Score } from './scoring/score.js';
import { SCORER_VERSION, scoreResume } from './scoring/score-resume.js';
import { yearsOfWork } from './scoring/years-of-work.js';
import type { ScoringRubric } from './scoring-rubric.entity.js';
import { ScoringRubricService } from './scoring-rubric.service.js';

interface Analysis {
  readonly applicationId: string;
  readonly candidateId: string;
  readonly documentId: string;
  readonly rubric: ScoringRubric;
  readonly record: ResumeRecord;
  readonly text: Required<ResumeText>;
  readonly recognizedPages: number;
}

/** The lines with the hidden ones behind them, numbered: a scorer that knows of them can say what it did not count. */
function withHidden(lines: readonly string[], hidden: readonly string[]): Required<ResumeText> {
  return { lines: [...lines, ...hidden], hiddenLines: hidden.map((_, index) => lines.length + index + 1) };
}

@Injectable()
@JobHandler(analyzeResume)
export class AnalyzeResume implements JobWork<typeof analyzeResume> {
  constructor(
    @Inject(ApplicationService) private readonly applications: ApplicationService,
    @Inject(CandidateService) private readonly candidates: CandidateService,
    @Inject(DocumentService) private readonly documents: DocumentService,
    @Inject(ScoringRubricService) private readonly rubrics: ScoringRubricService,
    @Inject(ScannedResumes) private readonly scans: ScannedResumes,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async handle(job: RunningJob, order: z.output<typeof analyzeResume.payload>): Promise<void> {
    try {
      await this.analyze(job, order);
    } catch (error) {
      if (!(error instanceof ScannedResumeError)) throw error;
      const scan = { ...order, pages: error.pages, analysisId: job.id };
      await job.complete(async () => ({ recognitionJobId: await this.scans.recognize(job.context, scan) }));
    }
  }

  private async analyze(job: RunningJob, { applicationId, documentId }: z.output<typeof analyzeResume.payload>): Promise<void> {
    await job.progress(10, 'Opening the resume');
    const { candidateId, jobOpeningId } = await this.applications.get(job.context, applicationId);
    const rubric = await this.rubrics.current(job.context, jobOpeningId);
    const content = await this.documents.content(job.context, documentId);
    await job.progress(30, 'Reading the resume');
    const { record, lines, hidden, recognizedPages } = await this.scans.read(job.context, documentId, content);
    const text = withHidden(lines, hidden.map((line) => line.text));
    await job.progress(80, 'Scoring against the job');
    const score = scoreResume(prepareRubric(rubric.requirements), record, text, this.clock.now());
    await this.store(job, { applicationId, candidateId, documentId, rubric, record, text, recognizedPages }, score);
  }

  /** Record, score and completion are one transaction: a redelivery finds all of it or nothing. */
  private async store(job: RunningJob, { applicationId, candidateId, documentId, rubric, record, text, recognizedPages }: Analysis, { score, parts, flags }: Score): Promise<void> {
    const runId = newId();
    const now = this.clock.now();
    await job.complete(async (manager) => {
      await this.documents.storeParsed(job.context, documentId, { record: record as unknown as JsonObject, parserVersion: PARSER_VERSION, ...text, recognizedPages });
      await this.candidates.learn(job.context, candidateId, {
        currentTitle: record.work[0]?.position || null, yearsExperience: yearsOfWork(record, now) || null, skills: record.skills.map((skill) => skill.name),
      });
      await manager.insert(ScoreRun, {
        id: runId, workspaceId: job.context.workspace, applicationId, documentId, rubricId: rubric.id, scorerVersion: SCORER_VERSION,
        inputHash: inputHash(rubric, record, text, now), score, parts: [...parts], flags: [...flags], createdAt: now,
      });
      await this.applications.setScore(job.context, applicationId, score, runId);
      return { score, scoreRunId: runId };
    });
  }
}
