import { Inject, Injectable } from '@nestjs/common';
import { DomainError, invalidInput, notFound } from '../../common/errors.js';
import { systemContext, type RequestContext } from '../../common/request-context.js';
import { attachment } from '../../infrastructure/object-storage/attachment.js';
import { DoorAddresses, type DownloadClaims, type UploadClaims } from '../../infrastructure/object-storage/door-address.js';
import { ObjectStorage } from '../../infrastructure/object-storage/object-storage.js';
import { StorageError } from '../../infrastructure/object-storage/storage-error.js';
import { jsonResponse, type DoorRequest, type DoorResponse } from '../../protocols/http/door.js';
import { parseRange } from './byte-range.js';
import type { StoredFile } from './file-owner.js';

/** Bytes from which a file goes from the storage to the caller directly, where it can: a function's answer is limited to 4.5 MB. */
const DIRECT_FROM = 4 * 1_048_576;
const REDIRECT_LIFETIME_SECONDS = 60;

/** A file is saved, never shown as a page of this site, whatever it says it is. */
const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox", 'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer', 'cross-origin-resource-policy': 'same-origin', 'accept-ranges': 'bytes',
} as const;

/** Carries files between callers and object storage. Whether they may is decided before. */
@Injectable()
export class FileDelivery {
  constructor(
    @Inject(ObjectStorage) private readonly storage: ObjectStorage,
    @Inject(DoorAddresses) private readonly addresses: DoorAddresses,
  ) {}

  /** The file, or the range of it that is asked for, or the way to the storage. Throws NOT_FOUND or RANGE_NOT_SATISFIABLE. */
  async answer(context: RequestContext, request: DoorRequest, file: StoredFile): Promise<DoorResponse> {
    if (!this.storage.isDirect || file.size < DIRECT_FROM) return this.stream(context, request, file);
    const location = await this.storage.signDownload(context, file.key, { lifetime: REDIRECT_LIFETIME_SECONDS, fileName: file.fileName, contentType: file.contentType });
    return { status: 302, headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } };
  }

  /** Does what a signed address allows. Throws ADDRESS_NOT_VALID, METHOD_NOT_ALLOWED and what the storage refuses. */
  async signed(request: DoorRequest, token: string): Promise<DoorResponse> {
    const claims = this.addresses.verify(token);
    if (claims === null) throw new DomainError('ADDRESS_NOT_VALID', 'This address is not valid any more. Ask for a new one.', 403);
    if (request.method !== claims.method) throw new DomainError('METHOD_NOT_ALLOWED', `Use ${claims.method}.`, 405);
    if (claims.method === 'GET') return this.download(request, claims);
    await this.store(request, claims);
    return jsonResponse(201, { size: claims.size });
  }

  private async download(request: DoorRequest, { workspaceId, key, fileName, contentType }: DownloadClaims): Promise<DoorResponse> {
    const context = systemContext(workspaceId, request.requestId);
    const facts = await this.storage.find(context, key);
    if (facts === null) throw notFound('The file');
    return this.stream(context, request, { key, fileName, contentType, size: facts.size });
  }

  /** Throws CONTENT_MISMATCH, ALREADY_UPLOADED or INVALID_INPUT where the upload was cut off. */
  private async store(request: DoorRequest, { workspaceId, key, size, sha256, contentType }: UploadClaims): Promise<void> {
    const { 'content-type': type, 'content-length': length } = request.headers;
    if (type !== contentType) throw new StorageError('CONTENT_MISMATCH', `This upload must be sent as ${contentType}.`);
    if (Number(length) !== size) throw new StorageError('CONTENT_MISMATCH', `This upload must have exactly ${size} bytes and say so.`);
    const context = systemContext(workspaceId, request.requestId);
    if (await this.storage.find(context, key)) throw new StorageError('ALREADY_UPLOADED', 'This file has been uploaded before.');
    try {
      await this.storage.put(context, key, request.raw, { size, sha256: Buffer.from(sha256, 'hex'), contentType });
    } catch (error) {
      if (error instanceof DomainError || !request.raw.destroyed || request.raw.complete) throw error;
      throw invalidInput('The upload was cut off. Please send it again.');
    }
  }

  private async stream(context: RequestContext, request: DoorRequest, { key, fileName, contentType, size }: StoredFile): Promise<DoorResponse> {
    const range = parseRange(request.headers.range, size);
    if (range === 'unsatisfiable') throw new DomainError('RANGE_NOT_SATISFIABLE', `The file has ${size} bytes.`, 416, false, { size });
    const body = await this.storage.open(context, key, range);
    if (body === null) throw notFound('The file');
    const { first, last } = range ?? { first: 0, last: size - 1 };
    return {
      status: range === null ? 200 : 206,
      headers: {
        ...SAFE_HEADERS, 'content-type': contentType, 'content-disposition': attachment(fileName), 'content-length': String(last - first + 1),
        ...(range === null ? {} : { 'content-range': `bytes ${first}-${last}/${size}` }),
      },
      body,
    };
  }
}
