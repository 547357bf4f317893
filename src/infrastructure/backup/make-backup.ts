import type { BackupManifest, SavedFile } from './backup-manifest.js';
import type { BackupTarget } from './backup-place.js';
import { copyPass } from './copy-pass.js';
import { DatabaseSnapshot } from './database-snapshot.js';
import { finishBackup } from './finish-backup.js';
import type { BackupKey } from './frame-cipher.js';

/** Makes a backup in one go, however long that takes. `saveFiles` adds objects of the object storage, of these workspaces. */
export async function makeBackup(
  ownerUrl: string, target: BackupTarget, key: BackupKey | null, saveFiles: (workspaceIds: readonly string[]) => Promise<readonly SavedFile[] | null> = () => Promise.resolve(null),
): Promise<BackupManifest> {
  const snapshot = await DatabaseSnapshot.open(ownerUrl);
  try {
    const blocks = await copyPass(snapshot, target, key, { known: () => Promise.resolve([]), record: () => Promise.resolve(), beforeBlock: () => undefined });
    const files = await saveFiles(await snapshot.workspaceIds());
    return await finishBackup(snapshot, target, key, blocks, files);
  } finally {
    await snapshot.close();
  }
}
