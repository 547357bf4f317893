import { blends, SMALLEST_SIZE, WHITE, type Rgb } from './colours.js';
import { plainLinesOf } from './plain-lines.js';
import { HiddenLines, TEXT_LIMIT, type ExtractedDocument } from './text-line.js';

/** Groups whose text is not that of the document. */
const HIDDEN_GROUPS = /^(fonttbl|colortbl|stylesheet|info|pict|object|header|footer|themedata|listtable|listoverridetable|rsidtbl|generator|xmlnstbl|fldinst|datastore|latentstyles)$/;
const MAX_DEPTH = 200;
const TOKEN = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+/gi;

interface Group {
  hidden: boolean;
  /** Marked as hidden text, smaller than can be read, or white on paper that is white everywhere. */
  vanish: boolean;
  tiny: boolean;
  white: boolean;
  /** Characters after a Unicode escape that repeat it for old readers. */
  skip: number;
}

/** Numbers of the colours that are not seen on paper; none where anything in the file may be shaded. */
function whites(source: string): ReadonlySet<number> {
  if (/\\(?:cbpat|chcbpat|clcbpat|highlight|shp|background)/.test(source)) return new Set();
  const table = /\\colortbl([^{}]{0,20000})/.exec(source)?.[1] ?? '';
  const colours = table.split(';').map((entry) => /\\red(\d+)\s*\\green(\d+)\s*\\blue(\d+)/.exec(entry)?.slice(1).map(Number) as unknown as Rgb | undefined);
  return new Set(colours.flatMap((colour, number) => (colour && blends(colour, WHITE) ? number : [])));
}

/** The text of an RTF file: its control words are read in one pass, without a tree. */
export function rtfLines(file: Buffer): ExtractedDocument {
  const decoder = new TextDecoder('windows-1252');
  const groups: Group[] = [{ hidden: false, vanish: false, tiny: false, white: false, skip: 1 }];
  const source = file.toString('latin1');
  const white = whites(source);
  const hidden = new HiddenLines();
  let [text, unseen, pending] = ['', '', 0];
  const top = (): Group => groups.at(-1)!;
  const put = (part: string): void => {
    const kept = part.slice(Math.min(pending, part.length));
    pending = Math.max(0, pending - part.length);
    const { hidden: aside, vanish, tiny, white: pale } = top();
    if (aside || text.length + unseen.length >= TEXT_LIMIT) return;
    if (vanish || tiny || pale) unseen += kept;
    if (!(vanish || tiny || pale) || kept === '\n') text += kept;
  };
  for (const [, word, parameter, hex, symbol, brace, plain] of source.matchAll(TOKEN)) {
    if (brace === '{' && groups.length < MAX_DEPTH) groups.push({ ...top() });
    else if (brace === '}' && groups.length > 1) groups.pop();
    else if (hex !== undefined) put(decoder.decode(Buffer.from([parseInt(hex, 16)])));
    else if (plain !== undefined) put(plain);
    else if (symbol === '*') top().hidden = true;
    else if (symbol !== undefined && '\\{}~-_'.includes(symbol)) put(symbol === '~' ? ' ' : symbol === '_' ? '-' : symbol === '-' ? '' : symbol);
    else if (word === 'u' && parameter !== undefined) {
      put(String.fromCharCode(Number(parameter) & 0xffff));
      pending = top().skip;
    } else if (word === 'v') top().vanish = parameter !== '0';
    else if (word === 'fs') top().tiny = Number(parameter ?? 24) / 2 < SMALLEST_SIZE;
    else if (word === 'cf') top().white = white.has(Number(parameter ?? 0));
    else if (word === 'plain') Object.assign(top(), { vanish: false, tiny: false, white: false });
    else if (word === 'uc') top().skip = Math.min(8, Math.max(0, Number(parameter ?? 1)));
    else if (word === 'par' || word === 'line' || word === 'row' || word === 'sect') put('\n');
    else if (word === 'tab' || word === 'cell') put('\t');
    else if (word === 'bullet') put('• ');
    else if (word === 'endash' || word === 'emdash') put('–');
    else if (word === 'lquote' || word === 'rquote') put("'");
    else if (word !== undefined && HIDDEN_GROUPS.test(word)) top().hidden = true;
  }
  for (const line of unseen.split('\n')) hidden.add(line, 0);
  return { ...plainLinesOf(text), hidden: hidden.found };
}
