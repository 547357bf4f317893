import type { Readable } from 'node:stream';
import type { RequestContext } from '../../common/request-context.js';
import { checkedPieces, type Content, type ExpectedContent } from './checked-content.js';
import { folderPath, objectPlace, type ObjectPlace } from './object-key.js';
import { StorageError } from './storage-error.js';

/** What storage knows of an object; null where it does not keep the fact. */
export interface ObjectFacts {
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
  readonly contentType: string | null;
  readonly sha256: Buffer | null;
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly modifiedAt: Date;
}

/** Objects in the order of their keys' bytes; `cursor` is null at the end. */
export interface ObjectPage {
  readonly objects: readonly ListedObject[];
  readonly cursor: string | null;
}

/** First and last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export interface DownloadTerms {
  /** Seconds; at most an hour. */
  readonly lifetime: number;
  /** Name under which the file is saved; it is always an attachment. */
  readonly fileName: string;
  readonly contentType: string;
}

export interface UploadTerms extends ExpectedContent {
  /** Seconds; at most an hour. */
  readonly lifetime: number;
}

/** A request that whoever holds it may send, once, with exactly the announced file as its body. */
export interface SignedUpload {
  readonly method: 'PUT';
  readonly url: string;
  /** Must be sent as they are. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

export const LONGEST_LIFETIME_SECONDS = 3_600;
const PAGE_LIMIT = 1_000;

function checkLifetime(seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_LIFETIME_SECONDS) throw new Error(`A signed address lives from 1 to ${LONGEST_LIFETIME_SECONDS} seconds.`);
}

function checkTerms({ size, sha256, contentType }: ExpectedContent): void {
  if (!Number.isSafeInteger(size) || size < 1) throw new Error('An object has at least one byte.');
  if (sha256.length !== 32) throw new Error('A SHA-256 has 32 bytes.');
  if (!/^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/.test(contentType)) throw new Error('The content type of an object must be a media type.');
}

/**
 * Where the bytes of files are kept. Keys are unique within a workspace, are made by Perch (`documents/<uuid>`) and never lead
 * out of the workspace of the context. Failures are StorageErrors.
 */
export abstract class ObjectStorage {
  /** Whether signed addresses lead to the storage itself; otherwise Perch's own door answers them. */
  abstract readonly isDirect: boolean;

  /** Stores the content once its size and checksum have proved right; an object of the same key is replaced. Throws CONTENT_MISMATCH. */
  put(context: RequestContext, key: string, content: Content, expected: ExpectedContent): Promise<void> {
    checkTerms(expected);
    return this.write(context, this.place(context, key), content, expected);
  }

  /** The bytes, or those of a range within the size, as a stream; null where the key is unknown. */
  open(context: RequestContext, key: string, range: ByteRange | null = null): Promise<Readable | null> {
    return this.read(context, this.place(context, key), range);
  }

  /** What is known of the object; null where the key is unknown. */
  find(context: RequestContext, key: string): Promise<ObjectFacts | null> {
    return this.facts(context, this.place(context, key));
  }

  /** Deletes the object; an unknown key is no failure. */
  delete(context: RequestContext, key: string): Promise<void> {
    return this.remove(context, this.place(context, key));
  }

  /** The workspace's objects of one kind, the first part of their keys. */
  list(context: RequestContext, kind: string, { cursor = null, limit = PAGE_LIMIT }: { readonly cursor?: string | null; readonly limit?: number } = {}): Promise<ObjectPage> {
    if (limit < 1 || limit > PAGE_LIMIT) throw new Error(`A page has from 1 to ${PAGE_LIMIT} objects.`);
    return this.page(context, folderPath(context.workspace, kind), cursor, limit);
  }

  /** An address under which the object can be fetched without signing in. Whoever asks for it must have checked the right to read. */
  async signDownload(context: RequestContext, key: string, terms: DownloadTerms): Promise<string> {
    checkLifetime(terms.lifetime);
    return this.downloadAddress(this.place(context, key), terms);
  }

  /** A request that stores exactly the announced file. What arrived counts only after `confirmUpload`. */
  async signUpload(context: RequestContext, key: string, terms: UploadTerms): Promise<SignedUpload> {
    checkLifetime(terms.lifetime);
    checkTerms(terms);
    return this.uploadRequest(this.place(context, key), terms);
  }

  /**
   * Looks whether what was uploaded is what was announced, because not every storage enforces all of it. Something else is
   * deleted. Throws OBJECT_MISSING or CONTENT_MISMATCH.
   */
  async confirmUpload(context: RequestContext, key: string, expected: ExpectedContent): Promise<void> {
    const facts = await this.find(context, key);
    if (facts === null) throw new StorageError('OBJECT_MISSING', 'The file has not been uploaded.');
    try {
      if (facts.contentType !== null && facts.contentType !== expected.contentType) throw new StorageError('CONTENT_MISMATCH', 'The file was sent as another type than was announced.');
      if (facts.size !== expected.size) throw new StorageError('CONTENT_MISMATCH', 'The file has another size than was announced.');
      if (facts.sha256 === null) await this.readThrough(context, key, expected);
      else if (!facts.sha256.equals(expected.sha256)) throw new StorageError('CONTENT_MISMATCH', 'The file has another checksum than was announced.');
    } catch (error) {
      if (error instanceof StorageError && error.code === 'CONTENT_MISMATCH') await this.delete(context, key);
      throw error;
    }
  }

  protected abstract write(context: RequestContext, place: ObjectPlace, content: Content, expected: ExpectedContent): Promise<void>;
  protected abstract read(context: RequestContext, place: ObjectPlace, range: ByteRange | null): Promise<Readable | null>;
  protected abstract facts(context: RequestContext, place: ObjectPlace): Promise<ObjectFacts | null>;
  protected abstract remove(context: RequestContext, place: ObjectPlace): Promise<void>;
  protected abstract page(context: RequestContext, folder: string, cursor: string | null, limit: number): Promise<ObjectPage>;
  protected abstract downloadAddress(place: ObjectPlace, terms: DownloadTerms): Promise<string>;
  protected abstract uploadRequest(place: ObjectPlace, terms: UploadTerms): Promise<SignedUpload>;

  private place(context: RequestContext, key: string): ObjectPlace {
    return objectPlace(context.workspace, key);
  }

  private async readThrough(context: RequestContext, key: string, expected: ExpectedContent): Promise<void> {
    const content = await this.open(context, key);
    if (content === null) throw new StorageError('OBJECT_MISSING', 'The file has not been uploaded.');
    for await (const _ of checkedPieces(content, expected));
  }
}
