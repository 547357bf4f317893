import { DiscoveryService } from '@nestjs/core';
import type { RequestContext } from '../../common/request-context.js';

/** Marks a class as the owner of one kind of files; the kind is the first part of their keys. */
export const FileOwner = DiscoveryService.createDecorator<string>();

/** A file as its row describes it. */
export interface StoredFile {
  readonly key: string;
  readonly fileName: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
}

/** A row that names an object. */
export interface NamedKey {
  readonly key: string;
  readonly createdAt: Date;
}

/** What the feature that keeps the rows of files tells about them. */
export interface FileRows {
  /** The file of this id; null where there is none. Throws FORBIDDEN where the caller may not read it. */
  find(context: RequestContext, id: string): Promise<StoredFile | null>;

  /** The keys that rows name, after `after` and up to `upTo` (null: to the end), in the order of their bytes. */
  keys(context: RequestContext, after: string, upTo: string | null): Promise<NamedKey[]>;
}
