import { Inject, Injectable } from '@nestjs/common';
import { DomainError, notFound } from '../../../common/errors.js';
import { isId, newId } from '../../../common/ids.js';
import type { JsonObject } from '../../../common/json.js';
import type { RequestContext } from '../../../common/request-context.js';
import { sha256 } from '../../../common/secrets.js';
import { Database } from '../../../infrastructure/database/database.js';
import { detectFormat, MIME_TYPES } from '../../../infrastructure/documents/detect-format.js';
import { checkedBytes, type ExpectedContent } from '../../../infrastructure/object-storage/checked-content.js';
import { ObjectStorage, type SignedUpload } from '../../../infrastructure/object-storage/object-storage.js';
import { DomainEvents } from '../../../platform/domain-events/domain-events.service.js';
import { CandidateDocument, type DocumentKind } from './document.entity.js';

/** The kind of these files: the first part of their keys. */
export const DOCUMENTS = 'documents';
export const DOCUMENT_LIMIT_BYTES = 10 * 1_048_576;

/** What kind of file it is, its bytes tell later. */
const UPLOAD_TYPE = 'application/octet-stream';

/** A file before it is sent: bytes, and their SHA-256. */
export type AnnouncedFile = Pick<ExpectedContent, 'size' | 'sha256'>;

export interface NewDocument {
  readonly candidateId: string;
  readonly kind: DocumentKind;
  readonly fileName: string;
  readonly content: Buffer;
  /** Set where the content lies in the storage already: the id that it was announced under. */
  readonly uploadedAs?: string;
}

/** Lines of a document that are kept, and characters of each. */
const MOST_LINES = 3_000;
const LONGEST_LINE = 2_000;

/** What was read from a document: a JSON Resume record, and its lines. */
export interface ParsedDocument {
  readonly record: JsonObject;
  readonly parserVersion: string;
  readonly lines: readonly string[];
  /** Numbers, from 1, of the lines that a reader of the page cannot see. */
  readonly hiddenLines: readonly number[];
  /** How many of the pages are pictures whose text was recognised. */
  readonly recognizedPages: number;
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
  if (!format) throw new DomainError('UNSUPPORTED_FILE', 'Please send the resume as PDF, DOCX, DOC, ODT, RTF, HTML, PNG, JPEG or plain text.', 415, false, { field: 'resume' });
  return MIME_TYPES[format];
}

@Injectable()
export class DocumentService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ObjectStorage) private readonly storage: ObjectStorage,
    @Inject(DomainEvents) private readonly events: DomainEvents,
  ) {}

  /** Stores the file and its row in the surrounding write. Throws UNSUPPORTED_FILE, PAYLOAD_TOO_LARGE or UPLOAD_USED. */
  async create(context: RequestContext, { candidateId, kind, fileName, content, uploadedAs }: NewDocument): Promise<CandidateDocument> {
    const mimeType = checkDocument(content);
    return this.database.write(context, async (manager) => {
      const id = uploadedAs ?? newId();
      const storageKey = `${DOCUMENTS}/${id}`;
      const checksum = sha256(content);
      if (uploadedAs === undefined) await this.storage.put(context, storageKey, content, { size: content.length, sha256: checksum, contentType: mimeType });
      else if (await manager.existsBy(CandidateDocument, { id })) throw new DomainError('UPLOAD_USED', 'This upload belongs to another application. Please send the file again.', 409, false, { field: 'resume' });
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

  /** A request that sends a document of this id to the storage. What was sent counts once `create` names it. */
  signUpload(context: RequestContext, id: string, announced: AnnouncedFile, lifetime: number): Promise<SignedUpload> {
    return this.storage.signUpload(context, `${DOCUMENTS}/${id}`, { ...announced, contentType: UPLOAD_TYPE, lifetime });
  }

  /** The bytes that were sent by `signUpload`. Throws OBJECT_MISSING or CONTENT_MISMATCH. */
  async uploaded(context: RequestContext, id: string, announced: AnnouncedFile): Promise<Buffer> {
    const [key, expected] = [`${DOCUMENTS}/${id}`, { ...announced, contentType: UPLOAD_TYPE }];
    try {
      await this.storage.confirmUpload(context, key, expected);
      const stream = await this.storage.open(context, key);
      if (!stream) throw notFound('The document');
      return await checkedBytes(stream, expected);
    } finally {
      await this.database.release(context);
    }
  }

  /** Stores what was read from the document, also the text that nobody sees on its pages, and tells that it was read. */
  async storeParsed(context: RequestContext, id: string, { record, parserVersion, lines, hiddenLines, recognizedPages }: ParsedDocument): Promise<void> {
    const hidden = JSON.stringify(hiddenLines.map((line) => lines[line - 1]).slice(0, MOST_LINES));
    const text = lines.slice(0, MOST_LINES).map((line) => line.slice(0, LONGEST_LINE).replace(/[\n\u0000]/g, ' ')).join('\n');
    await this.database.write(context, async (manager) => {
      const [rows] = await manager.query<[{ candidateId: string }[], number]>(
        `UPDATE document SET parsed = $3, parser_version = $4, hidden_text = $5, recognized_pages = $6 WHERE workspace_id = $1 AND id = $2
         RETURNING candidate_id AS "candidateId"`, [context.workspace, id, JSON.stringify(record), parserVersion, hidden, recognizedPages]);
      if (!rows[0]) throw notFound('The document');
      await manager.query(
        `INSERT INTO document_text (document_id, workspace_id, lines, hidden_lines) VALUES ($2, $1, $3, $4)
         ON CONFLICT (document_id) DO UPDATE SET lines = excluded.lines, hidden_lines = excluded.hidden_lines, created_at = now()`, [context.workspace, id, text, hiddenLines]);
      await this.events.emit(context, { type: 'document.read', subjectId: id, payload: { candidateId: rows[0].candidateId } });
    });
  }
}
