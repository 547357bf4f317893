import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError, invalidInput, notFound } from '../../../common/errors.js';
import { canonicalJson } from '../../../common/json.js';
import type { RequestContext } from '../../../common/request-context.js';
import { sha256 } from '../../../common/secrets.js';
import { parseInput } from '../../../common/validation.js';
import { HttpDoor, jsonResponse, subPath, type Door, type DoorRequest, type DoorResponse } from '../../../protocols/http/door.js';
import { readForm } from '../../../protocols/http/multipart.js';
import { readJson } from '../../../protocols/http/request-body.js';
import { CallSupport } from '../../../platform/call-support/call-support.service.js';
import { CareersPageService } from '../careers-page/careers-page.service.js';
import { DOCUMENT_LIMIT_BYTES } from '../documents/document.service.js';
import type { Application } from './application.entity.js';
import { ApplicationService } from './application.service.js';
import { ApplicationStatusService } from './application-status.service.js';
import { readApplications } from './applications.permissions.js';
import { ResumeUploads } from './resume-upload.service.js';
import { SubmissionService, type Resume } from './submission.service.js';

const SUBMISSIONS = { name: 'apply', points: 120, seconds: 3_600 };
/** Base64 takes four bytes for three, and the other fields some more. */
const JSON_LIMIT_BYTES = Math.ceil((DOCUMENT_LIMIT_BYTES * 4) / 3) + 100_000;

const JSON_RESUME_FILE = z.object({ resume: z.object({ name: z.string().max(300), content: z.base64('is not base64') }) });
const PAGE = z.object({ first: z.coerce.number().int().optional(), after: z.string().max(2_000).optional(), jobOpeningId: z.uuid().optional(), status: z.enum(['active', 'hired', 'rejected', 'withdrawn']).optional() });

const JSON_UPLOAD = z.object({ upload: z.object({ name: z.string().max(300), ticket: z.string().max(2_000) }) });
const ANNOUNCEMENT_LIMIT_BYTES = 10_000;

type Values = Readonly<Record<string, unknown>>;

/** The resume itself, or the ticket of the upload that brought it. */
interface ReceivedApplication {
  readonly values: Values;
  readonly resume: Resume | { readonly name: string; readonly ticket: string };
}

const shown = (application: Application): object => ({
  id: application.id, candidateId: application.candidateId, jobOpeningId: application.jobOpeningId, stageId: application.pipelineStageId,
  status: application.status, source: application.source, score: application.score, appliedAt: application.appliedAt, version: application.version,
});

/** POST /api/applications and /api/applications/uploads (public), GET /api/applications/status?token=, GET /api/applications and /api/applications/{id} for members and API keys. */
@Injectable()
@HttpDoor('applications')
export class ApplicationsDoor implements Door {
  constructor(
    @Inject(SubmissionService) private readonly submissions: SubmissionService,
    @Inject(ResumeUploads) private readonly uploads: ResumeUploads,
    @Inject(ApplicationService) private readonly applications: ApplicationService,
    @Inject(ApplicationStatusService) private readonly statuses: ApplicationStatusService,
    @Inject(CareersPageService) private readonly careers: CareersPageService,
    @Inject(CallSupport) private readonly calls: CallSupport,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    const route = subPath(request, 'applications');
    if (request.method === 'POST' && route === '') return this.submit(request);
    if (request.method === 'POST' && route === 'uploads') return this.prepareUpload(request);
    if (request.method !== 'GET') throw new DomainError('METHOD_NOT_ALLOWED', 'Use POST to apply and GET to read.', 405);
    if (route === 'status') return jsonResponse(200, await this.statuses.find(request.url.searchParams.get('token') ?? ''));
    return this.calls.asMember(request, async (context) => {
      context.require(readApplications);
      if (route !== '') return jsonResponse(200, shown(await this.applications.get(context, route)));
      const { jobOpeningId, status, ...page } = parseInput(PAGE, Object.fromEntries(request.url.searchParams));
      const list = await this.applications.list(context, { jobOpeningId, status }, 'NEWEST', page);
      return jsonResponse(200, { applications: list.nodes.map(shown), endCursor: list.pageInfo.endCursor, hasNextPage: list.pageInfo.hasNextPage });
    });
  }

  private async submit(request: DoorRequest): Promise<DoorResponse> {
    const { values, resume: received } = await this.receive(request);
    const context = await this.visit(request, values);
    const resume = 'ticket' in received ? await this.uploads.take(context, received.name, received.ticket) : received;
    const fingerprint = canonicalJson({ values, name: resume.name, resume: sha256(resume.content).toString('hex') });
    const answer = await this.calls.once(request, context, fingerprint, async () => {
      const { applicationId, created } = await this.submissions.submit(context, values, resume);
      return { applicationId, created, statusToken: this.statuses.token(context.workspace, applicationId) };
    });
    return jsonResponse(answer['created'] === true ? 201 : 200, answer);
  }

  private async prepareUpload(request: DoorRequest): Promise<DoorResponse> {
    const values = await readJson(request, ANNOUNCEMENT_LIMIT_BYTES);
    const { upload: { method, url, headers, expiresAt }, ticket } = await this.uploads.prepare(await this.visit(request, values), values);
    return jsonResponse(201, { upload: { method, url, headers, expiresAt: expiresAt.toISOString() }, ticket });
  }

  /** The careers page that the values name, for an applicant. Throws NOT_FOUND or TOO_MANY_REQUESTS. */
  private async visit(request: DoorRequest, { workspace }: Values): Promise<RequestContext> {
    await this.calls.limit(request, SUBMISSIONS);
    const visit = typeof workspace === 'string' ? await this.careers.visit(workspace, request.requestId) : null;
    if (!visit) throw notFound('The careers page');
    return visit.context;
  }

  private async receive(request: DoorRequest): Promise<ReceivedApplication> {
    if (request.headers['content-type']?.startsWith('application/json')) return this.receiveJson(await readJson(request, JSON_LIMIT_BYTES));
    const { fields, files } = await readForm(request, DOCUMENT_LIMIT_BYTES);
    const file = files.find((candidate) => candidate.field === 'resume');
    if (!file || file.content.length === 0) throw invalidInput('Please attach a resume.', 'resume');
    return { values: fields, resume: file };
  }

  private receiveJson({ resume: file, upload: sent, ...values }: Values): ReceivedApplication {
    if (sent !== undefined) return { values, resume: parseInput(JSON_UPLOAD, { upload: sent }).upload };
    const { resume } = parseInput(JSON_RESUME_FILE, { resume: file });
    return { values, resume: { name: resume.name, content: Buffer.from(resume.content, 'base64') } };
  }
}
