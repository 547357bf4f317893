import { Readable } from 'node:stream';
import type { RequestContext } from '../../common/request-context.js';
import type { Database } from '../database/database.js';
import { checkedBytes, type Content, type ExpectedContent } from './checked-content.js';
import type { DoorAddresses } from './door-address.js';
import type { ObjectPlace } from './object-key.js';
import { ObjectStorage, type ByteRange, type DownloadTerms, type ListedObject, type ObjectFacts, type ObjectPage, type SignedUpload, type UploadTerms } from './object-storage.js';
import { StorageError } from './storage-error.js';

/** Bytes. A row is in memory as a whole, in PostgreSQL and here. */
const LIMIT = 32 * 1_048_576;

/**
 * Keeps files in PostgreSQL: they are written in the transaction of the row that names them, need no other service on
 * functions, and are isolated by the same row-level security. Each call outside of a write is a transaction of its own: what another
 * request uploads meanwhile is seen, and no connection is held while a file travels.
 */
export class DatabaseObjectStorage extends ObjectStorage {
  readonly isDirect = false;

  constructor(
    private readonly database: Database,
    private readonly addresses: DoorAddresses,
  ) {
    super();
  }

  protected async write(context: RequestContext, { workspaceId, key }: ObjectPlace, content: Content, expected: ExpectedContent): Promise<void> {
    if (expected.size > LIMIT) throw new StorageError('OBJECT_TOO_LARGE', `The database keeps files up to ${LIMIT / 1_048_576} MB. Set PERCH_STORAGE for larger ones.`);
    const bytes = await checkedBytes(content, expected);
    await this.database.statement(context,
      `INSERT INTO stored_object (workspace_id, key, content) VALUES ($1, $2, $3)
       ON CONFLICT (workspace_id, key) DO UPDATE SET content = excluded.content, created_at = now()`, [workspaceId, key, bytes]);
  }

  protected async read(context: RequestContext, { workspaceId, key }: ObjectPlace, range: ByteRange | null): Promise<Readable | null> {
    const [first, length] = range === null ? [0, LIMIT] : [range.first, range.last - range.first + 1];
    const [row] = await this.database.statement<{ content: Buffer }>(context,
      'SELECT substring(content FROM $3 FOR $4) AS content FROM stored_object WHERE workspace_id = $1 AND key = $2', [workspaceId, key, first + 1, length]);
    return row ? Readable.from([row.content], { objectMode: false }) : null;
  }

  protected async facts(context: RequestContext, { workspaceId, key }: ObjectPlace): Promise<ObjectFacts | null> {
    const [row] = await this.database.statement<Omit<ObjectFacts, 'contentType'>>(context,
      `SELECT octet_length(content) AS size, created_at AS "modifiedAt", sha256(content) AS sha256 FROM stored_object WHERE workspace_id = $1 AND key = $2`, [workspaceId, key]);
    return row ? { ...row, contentType: null } : null;
  }

  protected async remove(context: RequestContext, { workspaceId, key }: ObjectPlace): Promise<void> {
    await this.database.statement(context, 'DELETE FROM stored_object WHERE workspace_id = $1 AND key = $2', [workspaceId, key]);
  }

  protected async page(context: RequestContext, folder: string, cursor: string | null, limit: number): Promise<ObjectPage> {
    const { workspace } = context;
    const prefix = folder.slice(workspace.length + 1);
    const objects = await this.database.statement<ListedObject>(context,
      `SELECT key, octet_length(content) AS size, created_at AS "modifiedAt" FROM stored_object
       WHERE workspace_id = $1 AND starts_with(key, $2) AND key COLLATE "C" > $3 ORDER BY key COLLATE "C" LIMIT $4`,
      [workspace, prefix, cursor ?? prefix, limit]);
    return { objects, cursor: objects.length < limit ? null : objects.at(-1)!.key };
  }

  protected downloadAddress(place: ObjectPlace, terms: DownloadTerms): Promise<string> {
    return Promise.resolve(this.addresses.download(place, terms));
  }

  protected async uploadRequest(place: ObjectPlace, terms: UploadTerms): Promise<SignedUpload> {
    return this.addresses.upload(place, terms);
  }
}
