import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RequestContext } from '../../../common/request-context.js';
import { Database } from '../../../infrastructure/database/database.js';
import type { RecognizedPage } from '../../../infrastructure/documents/recognition/recognized-page.js';

const LIST = 'SELECT page AS number, pieces, confidence FROM recognized_page WHERE workspace_id = $1 AND document_id = $2 ORDER BY page';
const STORE = `
INSERT INTO recognized_page (workspace_id, document_id, page, pieces, confidence) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (document_id, page) DO UPDATE SET pieces = excluded.pieces, confidence = excluded.confidence, created_at = now()`;

/** Keeps the text of scanned pages, so that it is recognised once and read as often as the reader changes. */
@Injectable()
export class RecognizedPages {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The pages of the document that were recognised, in their order; most documents have none. */
  async list(context: RequestContext, documentId: string): Promise<RecognizedPage[]> {
    const pages = await this.database.read(context, (manager) => manager.query<RecognizedPage[]>(LIST, [context.workspace, documentId]));
    await this.database.release(context);
    return pages;
  }

  /** Stores a page in the caller's transaction; a page that is there already is replaced. */
  async store(context: RequestContext, manager: EntityManager, documentId: string, { number, pieces, confidence }: RecognizedPage): Promise<void> {
    await manager.query(STORE, [context.workspace, documentId, number, JSON.stringify(pieces), confidence]);
  }
}
