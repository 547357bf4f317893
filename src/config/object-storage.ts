export interface S3Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SupabaseSettings {
  readonly url: string;
  readonly bucket: string;
  readonly serviceKey: string;
}

/** Where the bytes of files are kept. `folder` is null where it lies in the data folder. */
export type ObjectStorageSettings =
  | { readonly kind: 'database' }
  | { readonly kind: 'disk'; readonly folder: string | null }
  | (S3Settings & { readonly kind: 's3' })
  | (SupabaseSettings & { readonly kind: 'supabase' });

export const STORAGE_KINDS = ['database', 'disk', 's3', 'supabase'] as const;

type Get = (name: string) => string | null;

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  s3: ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
  supabase: ['SUPABASE_URL', 'SUPABASE_BUCKET', 'SUPABASE_SERVICE_KEY'],
};

/** What the chosen storage still lacks. */
export function objectStorageProblems(get: Get, onFunctions: boolean): string[] {
  const kind = get('PERCH_STORAGE') ?? 'database';
  if (kind === 'disk' && onFunctions) return ['PERCH_STORAGE is disk, which functions do not keep; set it to database, s3 or supabase.'];
  return (NEEDED[kind] ?? []).filter((name) => get(name) === null).map((name) => `${name} is missing. PERCH_STORAGE is ${kind}, which needs it; "database" needs nothing.`);
}

/** The settings of an environment without problems. */
export function readObjectStorage(get: Get): ObjectStorageSettings {
  switch (get('PERCH_STORAGE')) {
    case 'disk':
      return { kind: 'disk', folder: get('PERCH_STORAGE_DIR') };
    case 's3':
      return {
        kind: 's3', endpoint: get('S3_ENDPOINT')!, region: get('S3_REGION')!, bucket: get('S3_BUCKET')!,
        accessKeyId: get('S3_ACCESS_KEY_ID')!, secretAccessKey: get('S3_SECRET_ACCESS_KEY')!,
      };
    case 'supabase':
      return { kind: 'supabase', url: get('SUPABASE_URL')!, bucket: get('SUPABASE_BUCKET')!, serviceKey: get('SUPABASE_SERVICE_KEY')! };
    default:
      return { kind: 'database' };
  }
}
