import { Inject, Injectable } from '@nestjs/common';
import type { RequestContext } from '../../../common/request-context.js';
import { Database } from '../../../infrastructure/database/database.js';
import { FileOwner, type FileRows, type NamedKey, type StoredFile } from '../../../platform/files/file-owner.js';
import { CandidateDocument } from './document.entity.js';
import { readDocuments } from './documents.permissions.js';
import { DOCUMENTS } from './document.service.js';

/** Candidates' documents as files that can be fetched and are looked after. */
@Injectable()
@FileOwner(DOCUMENTS)
export class DocumentFiles implements FileRows {
  constructor(@Inject(Database) private readonly database: Database) {}

  async find(context: RequestContext, id: string): Promise<StoredFile | null> {
    context.require(readDocuments);
    const document = await this.database.read(context, (manager) => manager.findOneBy(CandidateDocument, { id }));
    return document && { key: document.storageKey, fileName: document.fileName, contentType: document.mimeType, size: document.byteSize };
  }

  keys(context: RequestContext, after: string, upTo: string | null): Promise<NamedKey[]> {
    return this.database.read(context, (manager) => manager.query<NamedKey[]>(
      `SELECT storage_key AS key, created_at AS "createdAt" FROM document
       WHERE workspace_id = $1 AND storage_key COLLATE "C" > $2 AND ($3::text IS NULL OR storage_key COLLATE "C" <= $3) ORDER BY storage_key COLLATE "C"`,
      [context.workspace, after, upTo]));
  }
}
