import { Inject, Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../../common/errors.js';
import { isId, newId } from '../../../common/ids.js';
import type { JsonObject } from '../../../common/json.js';
import type { RequestContext } from '../../../common/request-context.js';
import { sha256 } from '../../../common/secrets.js';
import { Database } from '../../../infrastructure/database/database.js';
import { detectFormat, MIME_TYPES } from '../../../infrastructure/documents/detect-format.js';
import { checkedBytes } from '../../../infrastructure/object-storage/checked-content.js';
import { ObjectStorage } from '../../../infrastructure/object-storage/object-storage.js';
import { CandidateDocument, type DocumentKind } from './document.entity.js';

/** The kind of these files: the first part of their keys. */
export const DOCUMENTS = 'documents';
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
      const storageKey = `${DOCUMENTS}/${id}`;
      const checksum = sha256(content);
      await this.storage.put(context, storageKey, content, { size: content.length, sha256: checksum, contentType: mimeType });
      return manager.save(manager.create(CandidateDocument, {
        id, workspaceId: context.workspace, candidateId, kind, fileName: safeFileName(fileName), mimeType, byteSize: content.length,
        sha256: checksum, storageKey, createdAt: new Date(),
      }));
    });
  }

  /** The bytes of the document, as they were when it was stored. Throws NOT_FOUND or CONTENT_MISMATCH. */
  async content(context: RequestContext, id: string): Promise<Buffer> {
    const document = isId(id) ? await this.database.read(context, (manager) => manager.findOne(CandidateDocument, { where: { id }, select: { storageKey: true, byteSize: true, mimeType: true, sha256: true } })) : null;
    const stream = document && (await this.storage.open(context, document.storageKey));
    if (!document || !stream) throw notFound('The document');
    return checkedBytes(stream, { size: document.byteSize, sha256: document.sha256, contentType: document.mimeType });
  }

  async storeParsed(context: RequestContext, id: string, parsed: JsonObject, parserVersion: string): Promise<void> {
    await this.database.write(context, (manager) => manager.query(
      'UPDATE document SET parsed = $3, parser_version = $4 WHERE workspace_id = $1 AND id = $2', [context.workspace, id, JSON.stringify(parsed), parserVersion]));
  }

  /** Keeps the lines that nobody sees on the pages, so that a recruiter can look at them. */
  async storeHidden(context: RequestContext, id: string, lines: readonly string[]): Promise<void> {
    await this.database.write(context, (manager) => manager.query(
      'UPDATE document SET hidden_text = $3 WHERE workspace_id = $1 AND id = $2', [context.workspace, id, JSON.stringify(lines)]));
  }
}
