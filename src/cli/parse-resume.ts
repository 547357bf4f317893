import { readFile } from 'node:fs/promises';
import { messageOf } from '../common/errors.js';
import { readResume, ScannedResumeError, type ReadResume } from '../features/resume-analysis/resume-reader.js';
import { ScanReader } from '../infrastructure/documents/recognition/scan-reader.js';
import type { RecognizedPage } from '../infrastructure/documents/recognition/recognized-page.js';

const PAGE_LIMIT_MS = 60_000;
const NEVER = new AbortController().signal;

/** Reads a resume, and recognises its text first where it is a scan. */
async function readAny(content: Buffer): Promise<ReadResume> {
  try {
    return await readResume(content);
  } catch (error) {
    if (!(error instanceof ScannedResumeError)) throw error;
    const scan = new ScanReader(content);
    const pages: RecognizedPage[] = [];
    try {
      for (const number of error.pages) pages.push(await scan.recognize(number, PAGE_LIMIT_MS, NEVER));
    } finally {
      await scan.close();
    }
    return readResume(content, pages);
  }
}

/** `perch parse-resume FILE...`: prints one JSON Resume record a line; files that cannot be read are named on stderr. Returns the exit code. */
export async function parseResumeCommand(files: readonly string[]): Promise<number> {
  if (files.length === 0) {
    process.stderr.write('Usage: perch parse-resume FILE...\n');
    return 2;
  }
  let code = 0;
  for (const file of files) {
    try {
      const { record } = await readAny(await readFile(file));
      process.stdout.write(`${JSON.stringify(record)}\n`);
    } catch (error) {
      code = 1;
      process.stdout.write('{}\n');
      process.stderr.write(`${file}: ${messageOf(error)}\n`);
    }
  }
  return code;
}
