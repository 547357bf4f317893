import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { z } from 'zod';
import { DomainError, notFound } from '../../../common/errors.js';
import { canonicalJson } from '../../../common/json.js';
import type { RequestContext } from '../../../common/request-context.js';
import { sha256 } from '../../../common/secrets.js';
import { parseInput, shortText } from '../../../common/validation.js';
import { Database } from '../../../infrastructure/database/database.js';
import { emailText, phoneText } from '../../people/contact-details.js';
import { PersonService } from '../../people/person.service.js';
import { PipelineService } from '../../pipelines/pipeline.service.js';
import { CandidateService } from '../candidates/candidate.service.js';
import { checkDocument, DocumentService } from '../documents/document.service.js';
import { JobOpening } from '../job-openings/job-opening.entity.js';
import { JobPosting } from '../job-openings/job-posting.entity.js';
import { SubmissionRecords } from './submission-records.js';

const INPUT = z.object({
  posting: z.string().max(120),
  name: shortText,
  email: emailText,
  phone: z.union([z.literal('').transform(() => null), phoneText]).nullish().transform((value) => value ?? null),
  source: z.string().trim().max(100).regex(/^[\w .-]*$/, 'is not a source').nullish().transform((value) => value || 'careers'),
});

export interface Resume {
  readonly name: string;
  readonly content: Buffer;
  /** Set where the browser has sent it to the storage: the id that it lies under. */
  readonly uploadedAs?: string;
}

export interface Submission {
  readonly applicationId: string;
  /** False when this very submission had been accepted before. */
  readonly created: boolean;
}

/** Takes applications in. Everything that belongs to one is written in one transaction, or nothing is. */
@Injectable()
export class SubmissionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PersonService) private readonly people: PersonService,
    @Inject(CandidateService) private readonly candidates: CandidateService,
    @Inject(DocumentService) private readonly documents: DocumentService,
    @Inject(PipelineService) private readonly pipelines: PipelineService,
    @Inject(SubmissionRecords) private readonly records: SubmissionRecords,
  ) {}

  /**
   * The same submission twice is one application. Throws INVALID_INPUT, UNSUPPORTED_FILE, PAYLOAD_TOO_LARGE, NOT_FOUND when
   * the job is not published, UPLOAD_USED, ALREADY_APPLIED when the person has another active application for it.
   */
  async submit(context: RequestContext, input: Readonly<Record<string, unknown>>, resume: Resume): Promise<Submission> {
    const values = parseInput(INPUT, input);
    checkDocument(resume.content);
    const hash = sha256(canonicalJson({ ...values, resume: sha256(resume.content).toString('hex') }));
    return this.database.write(context, async (manager) => {
      const posting = await manager.findOneBy(JobPosting, { slug: values.posting, withdrawnAt: IsNull() });
      if (!posting?.publishedAt) throw notFound('The job');
      const person = await this.people.findOrCreate(context, { displayName: values.name, email: values.email, phone: values.phone });
      const candidate = await this.candidates.ensure(context, person.id);
      const known = await this.records.findActive(manager, candidate.id, posting.jobOpeningId);
      if (known) {
        if (known.submissionHash?.equals(hash)) return { applicationId: known.id, created: false };
        throw new DomainError('ALREADY_APPLIED', 'There is already an application for this job with this e-mail address. We have it and will answer.', 409);
      }
      const opening = await manager.findOneByOrFail(JobOpening, { id: posting.jobOpeningId });
      const stage = await this.pipelines.firstStage(context, opening.pipelineId);
      const document = await this.documents.create(context, { candidateId: candidate.id, kind: 'resume', fileName: resume.name, content: resume.content, uploadedAs: resume.uploadedAs });
      const applicationId = await this.records.insert(context, manager, {
        candidateId: candidate.id, jobOpeningId: opening.id, stageId: stage.id, documentId: document.id, source: values.source, hash,
      });
      return { applicationId, created: true };
    });
  }
}
