import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { RequestContext } from '../../common/request-context.js';
import type { SupabaseSettings } from '../../config/object-storage.js';
import type { Content, ExpectedContent } from './checked-content.js';
import { isObjectKey, type ObjectPlace } from './object-key.js';
import { ObjectStorage, type ByteRange, type DownloadTerms, type ObjectFacts, type ObjectPage, type SignedUpload, type UploadTerms } from './object-storage.js';
import { answerError, answerStream, callStorage, dropBody, sendContent, type StorageCall } from './storage-http.js';
import { StorageError } from './storage-error.js';

const time = z.string().transform((text) => new Date(text));
const INFO = z.object({ size: z.number(), content_type: z.string().nullable(), last_modified: time.nullish(), created_at: time.nullish() });
const LISTING = z.object({
  objects: z.array(z.object({ name: z.string(), updated_at: time, metadata: z.object({ size: z.number() }).nullable() })),
  hasNext: z.boolean(), nextCursor: z.string().nullish(),
});
const SIGNED_DOWNLOAD = z.object({ signedURL: z.string().startsWith('/object/sign/') });
const SIGNED_UPLOAD = z.object({ url: z.string().startsWith('/object/upload/sign/') });
const CLAIMS = z.object({ exp: z.number() });

/** When a signed upload ends: the storage decides (two hours), and says so in its token. */
function expiryOf(url: string): Date {
  const token = new URL(url).searchParams.get('token') ?? '';
  const claims = CLAIMS.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
  return new Date(claims.exp * 1_000);
}

/** An unknown object is answered 400 with a 404 in the text by some versions, 404 by others. */
async function isUnknown(answer: Response): Promise<boolean> {
  if (answer.status === 404) return true;
  if (answer.status !== 400) return false;
  const body = (await answer.clone().json().catch(() => null)) as { statusCode?: unknown } | null;
  return String(body?.statusCode) === '404';
}

/**
 * Keeps files in a private bucket of Supabase Storage over its REST interface. Its signed uploads bind the key alone, for two
 * hours and one use; size, type and checksum are enforced by `confirmUpload`. The service key never leaves the server.
 */
export class SupabaseObjectStorage extends ObjectStorage {
  readonly isDirect = true;

  constructor(private readonly settings: SupabaseSettings) {
    super();
  }

  protected async write(_context: RequestContext, { path }: ObjectPlace, content: Content, expected: ExpectedContent): Promise<void> {
    const headers = { 'content-type': expected.contentType, 'content-length': String(expected.size), 'x-upsert': 'true' };
    const answer = await sendContent(this.call('POST', `/object/${this.settings.bucket}/${path}`, headers), content, expected);
    if (!answer.ok) throw await answerError(answer);
    await dropBody(answer);
  }

  protected async read(_context: RequestContext, { path }: ObjectPlace, range: ByteRange | null): Promise<Readable | null> {
    const headers: Record<string, string> = range === null ? {} : { range: `bytes=${range.first}-${range.last}` };
    const answer = await this.ask({ ...this.call('GET', `/object/authenticated/${this.settings.bucket}/${path}`, headers), isTransfer: true });
    return answer && answerStream(answer);
  }

  protected async facts(_context: RequestContext, { path }: ObjectPlace): Promise<ObjectFacts | null> {
    const answer = await this.ask(this.call('GET', `/object/info/${this.settings.bucket}/${path}`));
    if (answer === null) return null;
    const info = INFO.parse(await answer.json());
    return { size: info.size, modifiedAt: info.last_modified ?? info.created_at ?? new Date(0), contentType: info.content_type, sha256: null };
  }

  protected async remove(_context: RequestContext, { path }: ObjectPlace): Promise<void> {
    await this.json('DELETE', `/object/${this.settings.bucket}`, { prefixes: [path] }, z.unknown());
  }

  protected async page(context: RequestContext, folder: string, cursor: string | null, limit: number): Promise<ObjectPage> {
    const query = { prefix: folder, limit, with_delimiter: false, sortBy: { column: 'name', order: 'asc' }, ...(cursor === null ? {} : { cursor }) };
    const { objects, hasNext, nextCursor } = await this.json('POST', `/object/list-v2/${this.settings.bucket}`, query, LISTING);
    const own = objects.map(({ name, updated_at: modifiedAt, metadata }) => ({ key: name.slice(context.workspace.length + 1), size: metadata?.size ?? 0, modifiedAt }));
    return { objects: own.filter(({ key }) => isObjectKey(key)), cursor: hasNext ? (nextCursor ?? null) : null };
  }

  /** The type is the one under which the object was stored. */
  protected async downloadAddress({ path }: ObjectPlace, { lifetime, fileName }: DownloadTerms): Promise<string> {
    const { signedURL } = await this.json('POST', `/object/sign/${this.settings.bucket}/${path}`, { expiresIn: lifetime }, SIGNED_DOWNLOAD);
    return `${this.base()}${signedURL}&download=${encodeURIComponent(fileName)}`;
  }

  protected async uploadRequest({ path }: ObjectPlace, { contentType }: UploadTerms): Promise<SignedUpload> {
    const signed = await this.json('POST', `/object/upload/sign/${this.settings.bucket}/${path}`, {}, SIGNED_UPLOAD);
    const url = `${this.base()}${signed.url}`;
    return { method: 'PUT', url, headers: { 'content-type': contentType }, expiresAt: expiryOf(url) };
  }

  private base(): string {
    return `${this.settings.url.replace(/\/$/, '')}/storage/v1`;
  }

  private call(method: string, path: string, headers: Record<string, string> = {}): StorageCall {
    const { serviceKey } = this.settings;
    return { method, url: `${this.base()}${path}`, headers: new Headers({ authorization: `Bearer ${serviceKey}`, apikey: serviceKey, ...headers }) };
  }

  private async ask(call: StorageCall): Promise<Response | null> {
    const answer = await callStorage(call);
    if (answer.ok) return answer;
    if (!(await isUnknown(answer))) throw await answerError(answer);
    await dropBody(answer);
    return null;
  }

  private async json<Schema extends z.ZodType>(method: string, path: string, body: object, schema: Schema): Promise<z.output<Schema>> {
    const answer = await this.ask({ ...this.call(method, path, { 'content-type': 'application/json' }), body: JSON.stringify(body) });
    if (answer === null) throw new StorageError('OBJECT_MISSING', 'There is no such object or bucket in object storage.');
    return schema.parse(await answer.json());
  }
}
