import type { Readable } from 'node:stream';
import { isId, newId } from '../../common/ids.js';
import { systemContext } from '../../common/request-context.js';
import { sha256 } from '../../common/secrets.js';
import type { ListedObject, ObjectStorage } from '../object-storage/object-storage.js';
import { BackupError } from './backup-error.js';
import type { BackupPart } from './backup-manifest.js';
import type { BackupSource, BackupTarget } from './backup-place.js';

/** In the place of a workspace: backups belong to the whole installation, and have to be found when no database tells of any workspace. */
export const INSTALLATION = '00000000-0000-8000-8000-000000000000';
const MANIFESTS = 'backups';
const CHECKS = 'backup-checks';
const CONTENT_TYPE = 'application/octet-stream';

/** A backup that is complete. Its id begins with the time at which it was begun. */
export interface StoredBackup {
  readonly id: string;
  readonly at: Date;
  /** Whether all of it has been read back and was right. */
  readonly verified: boolean;
}

const idOf = (key: string): string => key.slice(key.indexOf('/') + 1);

/** When an id of version 7 was made. */
export const timeOfId = (id: string): Date => new Date(parseInt(id.replaceAll('-', '').slice(0, 12), 16));

/** The parts of a backup are a kind of objects of their own, named after its id, in letters because kinds have no digits: they can be found without opening anything. */
const kindOf = (id: string): string => `backup-${id.replaceAll('-', '').replace(/[0-9a-f]/g, (digit) => String.fromCharCode(97 + parseInt(digit, 16)))}`;

/** Backups in object storage. */
export class StoredBackups {
  private readonly context = systemContext(INSTALLATION);

  constructor(private readonly storage: ObjectStorage) {}

  /** All complete backups, the oldest first. */
  async list(): Promise<StoredBackup[]> {
    const checked = new Set((await this.all(CHECKS)).map(({ key }) => idOf(key)));
    return (await this.all(MANIFESTS)).map(({ key }) => ({ id: idOf(key), at: timeOfId(idOf(key)), verified: checked.has(idOf(key)) }));
  }

  target(id: string): BackupTarget {
    return {
      id,
      putPart: async (content) => {
        const key = `${kindOf(id)}/${newId()}`;
        return { ref: key, ...(await this.put(key, content)) };
      },
      putManifest: async (content) => void (await this.put(`${MANIFESTS}/${id}`, content)),
    };
  }

  /** Throws BACKUP_NOT_FOUND when it is read and is not there. */
  source(id: string): BackupSource {
    return {
      manifest: async () => ({ id, content: await this.open(isId(id) ? `${MANIFESTS}/${id}` : null, new BackupError('BACKUP_NOT_FOUND', `There is no backup "${id}".`)) }),
      part: ({ ref }) => this.open(ref, new BackupError('BACKUP_DAMAGED', 'A part of the backup is missing.')),
      close: () => Promise.resolve(),
    };
  }

  /** Notes that all of the backup has been read back. */
  async markVerified(id: string, at: Date): Promise<void> {
    await this.put(`${CHECKS}/${id}`, Buffer.from(JSON.stringify({ verifiedAt: at.toISOString() })));
  }

  /** Deletes parts of the backup that it does not consist of. Returns how many. */
  async tidy(id: string, keep: readonly BackupPart[]): Promise<number> {
    const kept = new Set(keep.map(({ ref }) => ref));
    const others = (await this.all(kindOf(id))).filter(({ key }) => !kept.has(key));
    for (const { key } of others) await this.storage.delete(this.context, key);
    return others.length;
  }

  /** Deletes a backup: the manifest first, so that what is left of an interrupted deletion is not taken for a backup. */
  async delete(id: string): Promise<void> {
    await this.storage.delete(this.context, `${MANIFESTS}/${id}`);
    await this.storage.delete(this.context, `${CHECKS}/${id}`);
    await this.tidy(id, []);
  }

  private async put(key: string, content: Buffer): Promise<Omit<BackupPart, 'ref'>> {
    const hash = sha256(content);
    await this.storage.put(this.context, key, content, { size: content.length, sha256: hash, contentType: CONTENT_TYPE });
    return { size: content.length, sha256: hash.toString('hex') };
  }

  private async open(key: string | null, failure: BackupError): Promise<Readable> {
    const content = key === null ? null : await this.storage.open(this.context, key);
    if (content === null) throw failure;
    return content;
  }

  private async all(kind: string): Promise<ListedObject[]> {
    const found: ListedObject[] = [];
    let cursor: string | null = null;
    do {
      const page = await this.storage.list(this.context, kind, { cursor });
      found.push(...page.objects);
      ({ cursor } = page);
    } while (cursor !== null);
    return found;
  }
}
