import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../../common/errors.js';
import { HttpDoor, subPath, type Door, type DoorRequest, type DoorResponse } from '../../../protocols/http/door.js';
import { CallSupport } from '../../../platform/call-support/call-support.service.js';
import { DocumentService } from './document.service.js';
import { readDocuments } from './documents.permissions.js';

/** GET /api/files/{document id}: the bytes, always as a download, never as a page of this site. */
@Injectable()
@HttpDoor('files')
export class FilesDoor implements Door {
  constructor(
    @Inject(DocumentService) private readonly documents: DocumentService,
    @Inject(CallSupport) private readonly calls: CallSupport,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    if (request.method !== 'GET') throw new DomainError('METHOD_NOT_ALLOWED', 'Use GET.', 405);
    return this.calls.asMember(request, async (context) => {
      context.require(readDocuments);
      const { document, content } = await this.documents.open(context, subPath(request, 'files'));
      return {
        status: 200,
        headers: {
          'content-type': document.mimeType,
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(document.fileName)}`,
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
          'cache-control': 'private, no-store',
        },
        body: content,
      };
    });
  }
}
