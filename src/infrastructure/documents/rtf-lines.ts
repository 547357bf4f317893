import { plainLinesOf } from './plain-lines.js';
import { TEXT_LIMIT, type ExtractedDocument } from './text-line.js';

/** Groups whose text is not that of the document. */
const HIDDEN_GROUPS = /^(fonttbl|colortbl|stylesheet|info|pict|object|header|footer|themedata|listtable|listoverridetable|rsidtbl|generator|xmlnstbl|fldinst|datastore|latentstyles)$/;
const MAX_DEPTH = 200;
const TOKEN = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+/gi;

interface Group {
  hidden: boolean;
  /** Characters after a Unicode escape that repeat it for old readers. */
  skip: number;
}

/** The text of an RTF file: its control words are read in one pass, without a tree. */
export function rtfLines(file: Buffer): ExtractedDocument {
  const decoder = new TextDecoder('windows-1252');
  const groups: Group[] = [{ hidden: false, skip: 1 }];
  let [text, pending] = ['', 0];
  const top = (): Group => groups.at(-1)!;
  const put = (part: string): void => {
    const kept = part.slice(Math.min(pending, part.length));
    pending = Math.max(0, pending - part.length);
    if (!top().hidden && text.length < TEXT_LIMIT) text += kept;
  };
  for (const [, word, parameter, hex, symbol, brace, plain] of file.toString('latin1').matchAll(TOKEN)) {
    if (brace === '{' && groups.length < MAX_DEPTH) groups.push({ ...top() });
    else if (brace === '}' && groups.length > 1) groups.pop();
    else if (hex !== undefined) put(decoder.decode(Buffer.from([parseInt(hex, 16)])));
    else if (plain !== undefined) put(plain);
    else if (symbol === '*') top().hidden = true;
    else if (symbol !== undefined && '\\{}~-_'.includes(symbol)) put(symbol === '~' ? ' ' : symbol === '_' ? '-' : symbol === '-' ? '' : symbol);
    else if (word === 'u' && parameter !== undefined) {
      put(String.fromCharCode(Number(parameter) & 0xffff));
      pending = top().skip;
    } else if (word === 'uc') top().skip = Math.min(8, Math.max(0, Number(parameter ?? 1)));
    else if (word === 'par' || word === 'line' || word === 'row' || word === 'sect') put('\n');
    else if (word === 'tab' || word === 'cell') put('\t');
    else if (word === 'bullet') put('• ');
    else if (word === 'endash' || word === 'emdash') put('–');
    else if (word === 'lquote' || word === 'rquote') put("'");
    else if (word !== undefined && HIDDEN_GROUPS.test(word)) top().hidden = true;
  }
  return plainLinesOf(text);
}
