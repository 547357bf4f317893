import type { RequestContext } from '../../common/request-context.js';

/** Where the bytes of files are kept. Keys are unique within a workspace and chosen by the caller. */
export abstract class ObjectStorage {
  /** Stores the bytes; an existing object of the same key is replaced. */
  abstract put(context: RequestContext, key: string, content: Buffer): Promise<void>;

  /** The bytes, or null where the key is unknown. */
  abstract find(context: RequestContext, key: string): Promise<Buffer | null>;

  abstract delete(context: RequestContext, key: string): Promise<void>;
}
