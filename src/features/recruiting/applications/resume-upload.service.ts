import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../../common/clock.js';
import { DomainError } from '../../../common/errors.js';
import { isId, newId } from '../../../common/ids.js';
import type { RequestContext } from '../../../common/request-context.js';
import { readClaims, signClaims } from '../../../common/signed-claims.js';
import { parseInput } from '../../../common/validation.js';
import { ENVIRONMENT } from '../../../config/environment.token.js';
import { requiredSecret, type Environment } from '../../../config/environment.js';
import type { SignedUpload } from '../../../infrastructure/object-storage/object-storage.js';
import { DOCUMENT_LIMIT_BYTES, DocumentService } from '../documents/document.service.js';
import type { Resume } from './submission.service.js';

/** What the browser announces before it sends a file to the storage itself. */
const ANNOUNCED = z.object({
  size: z.int().min(1).max(DOCUMENT_LIMIT_BYTES, 'The file is larger than 10 MB.'),
  sha256: z.hex('is not a checksum').length(64),
});
const CLAIMS = z.object({ workspace: z.string(), id: z.string().refine(isId), size: z.int(), sha256: z.hex().length(64), expires: z.int() });
const PURPOSE = 'perch resume upload 1';
const LIFETIME_SECONDS = 900;
/** An applicant who has sent the file may still be writing the other fields. */
const TICKET_LIFETIME_MS = 3_600_000;

/** Where a file is to be sent, and the ticket that stands for it in the application. */
export interface PreparedUpload {
  readonly upload: SignedUpload;
  readonly ticket: string;
}

/**
 * Resumes that browsers send to the storage directly, because a function takes no body of more than 4.5 MB. What was sent
 * belongs to nobody until an application names its ticket; what no application names is swept away after a day.
 */
@Injectable()
export class ResumeUploads {
  constructor(
    @Inject(DocumentService) private readonly documents: DocumentService,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Throws INVALID_INPUT. */
  async prepare(context: RequestContext, input: Readonly<Record<string, unknown>>): Promise<PreparedUpload> {
    const { size, sha256 } = parseInput(ANNOUNCED, input);
    const id = newId();
    const upload = await this.documents.signUpload(context, id, { size, sha256: Buffer.from(sha256, 'hex') }, LIFETIME_SECONDS);
    const claims: z.input<typeof CLAIMS> = { workspace: context.workspace, id, size, sha256: sha256.toLowerCase(), expires: this.clock.now().getTime() + TICKET_LIFETIME_MS };
    return { upload, ticket: signClaims(requiredSecret(this.environment), PURPOSE, claims) };
  }

  /** The file that was sent under the ticket. Throws UPLOAD_NOT_VALID, OBJECT_MISSING or CONTENT_MISMATCH. */
  async take(context: RequestContext, name: string, ticket: string): Promise<Resume> {
    const claims = CLAIMS.safeParse(readClaims(requiredSecret(this.environment), PURPOSE, ticket));
    if (!claims.success || claims.data.workspace !== context.workspace || claims.data.expires <= this.clock.now().getTime()) {
      throw new DomainError('UPLOAD_NOT_VALID', 'The upload of the resume is not valid any more. Please send the file again.', 400, false, { field: 'resume' });
    }
    const { id, size, sha256 } = claims.data;
    return { name, content: await this.documents.uploaded(context, id, { size, sha256: Buffer.from(sha256, 'hex') }), uploadedAs: id };
  }
}
