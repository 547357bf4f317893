import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The lines of a document as they were read, kept so that it can be scored and quoted without its file. */
@Entity('document_text')
export class DocumentText {
  @PrimaryColumn('uuid') documentId: string;
  @Column('uuid') workspaceId: string;
  /** Parted by line feeds. */
  @Column('text') lines: string;
  /** Numbers, from 1, of the lines that a reader of the page cannot see. */
  @Column('int', { array: true }) hiddenLines: number[];
  @Column('timestamptz') createdAt: Date;
}
