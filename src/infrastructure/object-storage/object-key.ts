import { isId } from '../../common/ids.js';

/** A key is made by Perch and never by a caller: what the object is, and an id, as in `documents/018f…`. */
const KEY = /^([a-z][a-z-]{0,39})\/([0-9a-f-]{36})$/;

/** Where an object lies: the workspace is part of it, so that no key leads into another one. */
export interface ObjectPlace {
  readonly workspaceId: string;
  readonly key: string;
  /** `<workspace id>/<key>`, with nothing in it that would have to be escaped in a path or an address. */
  readonly path: string;
}

export const isObjectKey = (text: string): boolean => isId(KEY.exec(text)?.[2]);

/** Throws where the key is not one that Perch makes: a mistake of the program, or a signature that should not exist. */
export function objectPlace(workspaceId: string, key: string): ObjectPlace {
  if (!isId(workspaceId)) throw new Error('A workspace id must be a UUID.');
  if (!isObjectKey(key)) throw new Error('An object key must be a word, a slash and a UUID.');
  return { workspaceId, key, path: `${workspaceId}/${key}` };
}

/** The folder of all objects of one kind in a workspace, with a slash at the end. */
export function folderPath(workspaceId: string, kind: string): string {
  if (!isId(workspaceId)) throw new Error('A workspace id must be a UUID.');
  if (!/^[a-z][a-z-]{0,39}$/.test(kind)) throw new Error('The kind of an object must be a word.');
  return `${workspaceId}/${kind}/`;
}
