import { Inject, Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../../common/errors.js';
import { isId, newId } from '../../../common/ids.js';
import type { JsonObject } from '../../../common/json.js';
import type { RequestContext } from '../../../common/request-context.js';
import { sha256 } from '../../../common/secrets.js';
import { Database } from '../../../infrastructure/database/database.js';
import { detectFormat, MIME_TYPES } from '../../../infrastructure/documents/detect-format.js';
import { ObjectStorage } from '../../../infrastructure/object-storage/object-storage.js';
import { CandidateDocument, type DocumentKind } from './document.entity.js';

export const DOCUMENT_LIMIT_BYTES = 10 * 1_048_576;

export interface NewDocument {
  readonly candidateId: string;
  readonly kind: DocumentKind;
  readonly fileName: string;
  readonly content: Buffer;
}

/** A name that is safe to show and to send in a header: no path, no control characters, at most 200 characters. */
export function safeFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = last.replace(/[\p{Cc}\p{Cf}"]/gu, '').trim().slice(-200);
  return clean === '' ? 'document' : clean;
}

/** Throws UNSUPPORTED_FILE or PAYLOAD_TOO_LARGE; the type is read from the bytes, the name is not believed. */
export function checkDocument(content: Buffer): string {
  if (content.length > DOCUMENT_LIMIT_BYTES) throw new DomainError('PAYLOAD_TOO_LARGE', 'The file is larger than 10 MB.', 413);
  const format = detectFormat(content);
  if (!format) throw new DomainError('UNSUPPORTED_FILE', 'Please send the resume as PDF, DOCX, DOC, ODT, RTF or plain text.', 415, false, { field: 'resume' });
  return MIME_TYPES[format];
}

@Injectable()
export class DocumentService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ObjectStorage) private readonly storage: ObjectStorage,
  ) {}

  /** Stores the file and its row in the surrounding write. Throws UNSUPPORTED_FILE or PAYLOAD_TOO_LARGE. */
  async create(context: RequestContext, { candidateId, kind, fileName, content }: NewDocument): Promise<CandidateDocument> {
    const mimeType = checkDocument(content);
    return this.database.write(context, async (manager) => {
      const id = newId();
      const storageKey = `documents/${id}`;
      await this.storage.put(context, storageKey, content);
      return manager.save(manager.create(CandidateDocument, {
        id, workspaceId: context.workspace, candidateId, kind, fileName: safeFileName(fileName), mimeType, byteSize: content.length,
        sha256: sha256(content), storageKey, createdAt: new Date(),
      }));
    });
  }

  /** The document and its bytes. Throws NOT_FOUND. */
  async open(context: RequestContext, id: string): Promise<{ document: CandidateDocument; content: Buffer }> {
    const document = isId(id) ? await this.database.read(context, (manager) => manager.findOneBy(CandidateDocument, { id })) : null;
    const content = document && (await this.storage.find(context, document.storageKey));
    if (!document || !content) throw notFound('The document');
    return { document, content };
  }

  async storeParsed(context: RequestContext, id: string, parsed: JsonObject, parserVersion: string): Promise<void> {
    await this.database.write(context, (manager) => manager.query(
      'UPDATE document SET parsed = $3, parser_version = $4 WHERE workspace_id = $1 AND id = $2', [context.workspace, id, JSON.stringify(parsed), parserVersion]));
  }
}
