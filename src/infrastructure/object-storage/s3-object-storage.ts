import type { AwsV4Signer } from 'aws4fetch';
import type { Readable } from 'node:stream';
import type { RequestContext } from '../../common/request-context.js';
import type { S3Settings } from '../../config/object-storage.js';
import { attachment } from './attachment.js';
import type { Content, ExpectedContent } from './checked-content.js';
import type { ObjectPlace } from './object-key.js';
import { ObjectStorage, type ByteRange, type DownloadTerms, type ObjectFacts, type ObjectPage, type SignedUpload, type UploadTerms } from './object-storage.js';
import { readListing } from './s3-listing.js';
import { answerError, answerStream, callStorage, dropBody, sendContent, type StorageCall } from './storage-http.js';

type SignerOptions = ConstructorParameters<typeof AwsV4Signer>[0];

/**
 * Keeps files in a bucket that speaks the S3 protocol, addressed by path. What Perch sends is signed with its SHA-256, which
 * the storage checks; so is the header that keeps the checksum with the object.
 */
export class S3ObjectStorage extends ObjectStorage {
  readonly isDirect = true;

  constructor(
    private readonly settings: S3Settings,
    private readonly now: () => Date,
  ) {
    super();
  }

  protected async write(_context: RequestContext, place: ObjectPlace, content: Content, expected: ExpectedContent): Promise<void> {
    const call = await this.call('PUT', this.address(place.path), {
      'content-type': expected.contentType, 'content-length': String(expected.size),
      'x-amz-content-sha256': expected.sha256.toString('hex'), 'x-amz-checksum-sha256': expected.sha256.toString('base64'),
    });
    const answer = await sendContent(call, content, expected);
    if (!answer.ok) throw await answerError(answer);
    await dropBody(answer);
  }

  protected async read(_context: RequestContext, place: ObjectPlace, range: ByteRange | null): Promise<Readable | null> {
    const headers: Record<string, string> = range === null ? {} : { range: `bytes=${range.first}-${range.last}` };
    const answer = await this.ask('GET', this.address(place.path), headers, true);
    return answer && answerStream(answer);
  }

  protected async facts(_context: RequestContext, place: ObjectPlace): Promise<ObjectFacts | null> {
    const answer = await this.ask('HEAD', this.address(place.path), { 'x-amz-checksum-mode': 'ENABLED' });
    if (answer === null) return null;
    const checksum = answer.headers.get('x-amz-checksum-sha256') ?? '';
    return {
      size: Number(answer.headers.get('content-length')), modifiedAt: new Date(answer.headers.get('last-modified') ?? 0), contentType: answer.headers.get('content-type'),
      // A checksum of checksums, of parts, ends in their number.
      sha256: /^[\w+/]{43}=$/.test(checksum) ? Buffer.from(checksum, 'base64') : null,
    };
  }

  protected async remove(_context: RequestContext, place: ObjectPlace): Promise<void> {
    const answer = await this.ask('DELETE', this.address(place.path), {});
    if (answer) await dropBody(answer);
  }

  protected async page(context: RequestContext, folder: string, cursor: string | null, limit: number): Promise<ObjectPage> {
    const url = this.address('');
    const root = `${context.workspace}/`;
    const query = { 'list-type': '2', 'encoding-type': 'url', prefix: folder, 'max-keys': String(limit), ...(cursor === null ? {} : { 'start-after': root + cursor }) };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const answer = await callStorage(await this.call('GET', url, {}));
    if (!answer.ok) throw await answerError(answer);
    return readListing(await answer.text(), root);
  }

  protected async downloadAddress(place: ObjectPlace, { lifetime, fileName, contentType }: DownloadTerms): Promise<string> {
    const url = this.address(place.path);
    url.searchParams.set('X-Amz-Expires', String(lifetime));
    url.searchParams.set('response-content-disposition', attachment(fileName));
    url.searchParams.set('response-content-type', contentType);
    return this.signedAddress({ method: 'GET', url: url.href });
  }

  protected async uploadRequest(place: ObjectPlace, { lifetime, size, sha256, contentType }: UploadTerms): Promise<SignedUpload> {
    const url = this.address(place.path);
    url.searchParams.set('X-Amz-Expires', String(lifetime));
    const headers = { 'content-type': contentType, 'if-none-match': '*', 'x-amz-checksum-sha256': sha256.toString('base64') };
    const signed = await this.signedAddress({ method: 'PUT', url: url.href, headers: { ...headers, 'content-length': String(size) }, allHeaders: true });
    return { method: 'PUT', url: signed, headers, expiresAt: new Date(this.now().getTime() + lifetime * 1_000) };
  }

  private address(path: string): URL {
    const { endpoint, bucket } = this.settings;
    return new URL(`${endpoint.replace(/\/$/, '')}/${bucket}${path === '' ? '' : `/${path}`}`);
  }

  /** The answer, or null where the object is unknown. Throws STORAGE_UNAVAILABLE or STORAGE_SETUP. */
  private async ask(method: string, url: URL, headers: Record<string, string>, isTransfer = false): Promise<Response | null> {
    const answer = await callStorage({ ...(await this.call(method, url, headers)), isTransfer });
    if (answer.ok) return answer;
    if (answer.status !== 404) throw await answerError(answer);
    await dropBody(answer);
    return null;
  }

  private async call(method: string, url: URL, headers: Record<string, string>): Promise<StorageCall> {
    const signed = await (await this.signer({ method, url: url.href, headers })).sign();
    return { method, url: signed.url.href, headers: signed.headers };
  }

  private async signedAddress(request: Pick<SignerOptions, 'method' | 'url' | 'headers' | 'allHeaders'>): Promise<string> {
    const { url } = await (await this.signer({ ...request, signQuery: true })).sign();
    // The signature is over %20; not every storage takes the plus sign of a form for the same.
    return url.href.replaceAll('+', '%20');
  }

  /** The program that signs is loaded by the first request, never by a cold start. */
  private async signer(request: Pick<SignerOptions, 'method' | 'url' | 'headers' | 'allHeaders' | 'signQuery'>): Promise<AwsV4Signer> {
    const { AwsV4Signer: Signer } = await import('aws4fetch');
    const { accessKeyId, secretAccessKey, region } = this.settings;
    return new Signer({ ...request, accessKeyId, secretAccessKey, region, service: 's3', datetime: this.now().toISOString().replace(/[:-]|\.\d{3}/g, '') });
  }
}
