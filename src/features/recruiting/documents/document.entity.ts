import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../../common/json.js';

export type DocumentKind = 'resume' | 'cover_letter' | 'other';

/** A file of a candidate. The bytes are in object storage under `storageKey`. */
@Entity('document')
export class CandidateDocument {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') workspaceId: string;
  @Column('uuid') candidateId: string;
  @Column('text') kind: DocumentKind;
  @Column('text') fileName: string;
  @Column('text') mimeType: string;
  @Column('int') byteSize: number;
  @Column('bytea', { select: false }) sha256: Buffer;
  @Column('text') storageKey: string;
  /** JSON Resume record read from the file; null until it has been analysed. */
  @Column('jsonb', { nullable: true }) parsed: JsonObject | null;
  @Column('text', { nullable: true }) parserVersion: string | null;
  /** Lines that nobody sees on the pages; null until it has been analysed. */
  @Column('jsonb', { nullable: true }) hiddenText: string[] | null;
  /** Pages whose text was recognised in a picture when it was analysed. */
  @Column('int', { default: 0 }) recognizedPages: number;
  @Column('timestamptz') createdAt: Date;
}
