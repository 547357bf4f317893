import { join } from 'node:path';
import type { Clock } from '../../common/clock.js';
import type { Environment } from '../../config/environment.js';
import type { Database } from '../database/database.js';
import { DatabaseObjectStorage } from './database-object-storage.js';
import { DiskObjectStorage } from './disk-object-storage.js';
import type { DoorAddresses } from './door-address.js';
import type { ObjectStorage } from './object-storage.js';
import { S3ObjectStorage } from './s3-object-storage.js';
import { SupabaseObjectStorage } from './supabase-object-storage.js';

/** The storage that the environment names; the database where it names none. */
export function createObjectStorage({ objectStorage: settings, dataDirectory }: Environment, database: Database, addresses: DoorAddresses, clock: Clock): ObjectStorage {
  switch (settings.kind) {
    case 'disk':
      return new DiskObjectStorage(settings.folder ?? join(dataDirectory, 'objects'), addresses);
    case 's3':
      return new S3ObjectStorage(settings, () => clock.now());
    case 'supabase':
      return new SupabaseObjectStorage(settings);
    default:
      return new DatabaseObjectStorage(database, addresses);
  }
}
