import busboy from 'busboy';
import { invalidInput } from '../../common/errors.js';
import type { DoorRequest } from './door.js';
import { tooLarge } from './request-body.js';

export interface UploadedFile {
  readonly field: string;
  readonly name: string;
  readonly content: Buffer;
}

export interface Form {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: readonly UploadedFile[];
}

const FIELD_LIMIT = 20_000;

/**
 * Reads multipart/form-data. `fileLimit` bounds the bytes of each file; at most one file and 30 fields are taken.
 * Throws PAYLOAD_TOO_LARGE or INVALID_INPUT; a request that is cut off is INVALID_INPUT too.
 */
export function readForm(request: DoorRequest, fileLimit: number): Promise<Form> {
  return new Promise((done, fail) => {
    let parser: busboy.Busboy;
    try {
      parser = busboy({ headers: request.headers, defParamCharset: 'utf8', limits: { fileSize: fileLimit, files: 1, fields: 30, fieldSize: FIELD_LIMIT, parts: 40 } });
    } catch {
      fail(invalidInput('Send the application as multipart/form-data or as JSON.'));
      return;
    }
    const fields: Record<string, string> = Object.create(null) as Record<string, string>;
    const files: UploadedFile[] = [];
    const stop = (error: Error): void => {
      request.raw.unpipe(parser);
      request.raw.resume();
      fail(error);
    };
    parser.on('field', (name, value, info) => (info.valueTruncated ? stop(invalidInput(`"${name}" is too long.`, name)) : (fields[name] = value)));
    parser.on('file', (field, stream, info) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => stop(tooLarge(fileLimit)));
      stream.on('end', () => files.push({ field, name: info.filename ?? 'resume', content: Buffer.concat(chunks) }));
    });
    parser.on('error', () => stop(invalidInput('The upload is not complete. Please send it again.')));
    parser.on('close', () => done({ fields, files }));
    request.raw.on('aborted', () => stop(invalidInput('The upload was cut off. Please send it again.')));
    request.raw.pipe(parser);
  });
}
