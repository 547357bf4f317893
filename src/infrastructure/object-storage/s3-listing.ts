import { isObjectKey } from './object-key.js';
import type { ListedObject, ObjectPage } from './object-storage.js';

const tag = (name: string, text: string): string | null => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? null;

/**
 * Reads the answer to ListObjectsV2 with `encoding-type=url`: keys hold nothing that XML escapes, so that no parser is needed.
 * Objects that Perch did not make are left out. `root` is what all keys begin with, the workspace.
 */
export function readListing(xml: string, root: string): ObjectPage {
  const objects: ListedObject[] = [];
  let last: string | null = null;
  for (const [, entry] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
    last = decodeURIComponent((tag('Key', entry!) ?? '').replaceAll('+', ' ')).slice(root.length);
    if (isObjectKey(last)) objects.push({ key: last, size: Number(tag('Size', entry!)), modifiedAt: new Date(tag('LastModified', entry!) ?? 0) });
  }
  return { objects, cursor: tag('IsTruncated', xml) === 'true' ? last : null };
}
