import { Inject, Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../common/errors.js';
import { isId } from '../../common/ids.js';
import { HttpDoor, subPath, type Door, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { CallSupport } from '../call-support/call-support.service.js';
import { FileDelivery } from './file-delivery.service.js';
import { FileOwnerRegistry } from './file-owner.registry.js';

/** Signed addresses need no session, so that their calls are counted by the caller's address. */
const SIGNED_CALLS = { name: 'signed-file', points: 120, seconds: 60 };

/**
 * GET /api/files/{id}: a file, for callers who may read what it belongs to. GET and PUT /api/files/signed/{token}: what the
 * signature allows, for storage that nobody else can reach.
 */
@Injectable()
@HttpDoor('files')
export class FilesDoor implements Door {
  constructor(
    @Inject(FileOwnerRegistry) private readonly owners: FileOwnerRegistry,
    @Inject(FileDelivery) private readonly delivery: FileDelivery,
    @Inject(CallSupport) private readonly calls: CallSupport,
  ) {}

  async handle(request: DoorRequest): Promise<DoorResponse> {
    const path = subPath(request, 'files');
    if (path.startsWith('signed/')) {
      await this.calls.limit(request, SIGNED_CALLS);
      return this.delivery.signed(request, path.slice('signed/'.length));
    }
    if (request.method !== 'GET') throw new DomainError('METHOD_NOT_ALLOWED', 'Use GET.', 405);
    return this.calls.asMember(request, async (context) => {
      for (const owner of isId(path) ? this.owners.all : []) {
        const file = await owner.find(context, path);
        if (file) return this.delivery.answer(context, request, file);
      }
      throw notFound('The file');
    });
  }
}
