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

/** The storage that the environment names, where it is one beside the database; null where files are kept in the database. */
export function createOuterStorage({ objectStorage: settings, dataDirectory }: Environment, addresses: DoorAddresses, clock: Clock): ObjectStorage | null {
  switch (settings.kind) {
    case 'disk':
      return new DiskObjectStorage(settings.folder ?? join(dataDirectory, 'objects'), addresses);
    case 's3':
      return new S3ObjectStorage(settings, () => clock.now());
    case 'supabase':
      return new SupabaseObjectStorage(settings);
    default:
      return null;
  }
}

/** The storage that the environment names; the database where it names none. */
export const createObjectStorage = (environment: Environment, database: Database, addresses: DoorAddresses, clock: Clock): ObjectStorage =>
  createOuterStorage(environment, addresses, clock) ?? new DatabaseObjectStorage(database, addresses);
