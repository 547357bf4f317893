import { readFile } from 'node:fs/promises';
import { messageOf } from '../common/errors.js';
import { readResume } from '../features/resume-analysis/resume-reader.js';

/** `perch parse-resume FILE...`: prints one JSON Resume record a line; files that cannot be read are named on stderr. Returns the exit code. */
export async function parseResumeCommand(files: readonly string[]): Promise<number> {
  if (files.length === 0) {
    process.stderr.write('Usage: perch parse-resume FILE...\n');
    return 2;
  }
  let code = 0;
  for (const file of files) {
    try {
      const { record } = await readResume(await readFile(file));
      process.stdout.write(`${JSON.stringify(record)}\n`);
    } catch (error) {
      code = 1;
      process.stdout.write('{}\n');
      process.stderr.write(`${file}: ${messageOf(error)}\n`);
    }
  }
  return code;
}
