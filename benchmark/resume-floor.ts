import { readFileSync } from 'node:fs';
import { extractText, getDocumentProxy } from 'unpdf';

/** What any reader must do: open the PDF and take its text as it comes, without places, checks or a record. */
export async function bareText(file: string): Promise<number> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(readFileSync(file)), { verbosity: 0 }), { mergePages: true });
  return text.length;
}
