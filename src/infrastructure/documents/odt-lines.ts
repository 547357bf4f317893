import { unreadable } from './document-error.js';
import { OdtVisibility } from './odt-visibility.js';
import { cleanText, HiddenLines, plainLine, TEXT_LIMIT, type ExtractedDocument, type TextLine } from './text-line.js';
import { decodeXml, walkXml } from './xml-text.js';
import { ZipReader } from './zip-reader.js';

/** The text of an OpenDocument file. Throws DocumentError. */
export function odtLines(file: Buffer): ExtractedDocument {
  const xml = new ZipReader(file).text('content.xml');
  if (xml === null) throw unreadable('it is not an OpenDocument text');
  const lines: TextLine[] = [];
  const links: string[] = [];
  const hidden = new HiddenLines();
  const visibility = new OdtVisibility();
  let [text, unseen, listDepth, characters, inBody] = ['', '', 0, 0, false];
  const flush = (heading: boolean): void => {
    const segments = text.split('\t').map((part) => cleanText(decodeXml(part))).filter((part) => part !== '');
    if (segments.length > 0) lines.push(plainLine(segments, { bold: heading, height: heading ? 16 : 11, bullet: listDepth > 0 }));
    hidden.add(decodeXml(unseen), lines.length);
    [text, unseen] = ['', ''];
  };
  walkXml(xml, (tag) => {
    visibility.tag(tag);
    if (tag.name === 'office:body') inBody = !tag.closes;
    if (tag.name === 'text:list') listDepth += tag.closes ? -1 : 1;
    if (tag.name === 'text:p' || tag.name === 'text:h') flush(tag.name === 'text:h' && tag.closes);
    if (tag.name === 'text:line-break') flush(false);
    if (tag.name === 'text:tab') text += '\t';
    if (tag.name === 'text:s') text += ' ';
    if (tag.name === 'text:a' && !tag.closes) links.push(decodeXml(/xlink:href="([^"]{1,2000})"/.exec(tag.attributes)?.[1] ?? ''));
  }, (part) => {
    if (!inBody || characters > TEXT_LIMIT) return;
    if (visibility.hides) unseen += part;
    else text += part;
    characters += part.length;
  });
  flush(false);
  return { lines, hidden: hidden.found, links: links.filter((link) => link !== '').slice(0, 200), pages: 1 };
}
