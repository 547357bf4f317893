import { Parser } from 'htmlparser2';
import { tooComplex } from './document-error.js';
import { HtmlStyles, isUnseen, PAGE_LOOK, type HtmlLook } from './html-look.js';
import { decodeText } from './plain-lines.js';
import { cleanText, HiddenLines, plainLine, TEXT_LIMIT, type ExtractedDocument, type TextLine } from './text-line.js';

const MOST_CHARACTERS = 3_000_000;
const DEEPEST = 1_000;
const MOST_LINKS = 200;

/** Elements whose content is no text of the page. */
const SKIPPED = /^(?:head|title|script|style|template|noscript|svg|math|object|iframe|canvas|select|button|textarea|audio|video)$/;
const BLOCKS = /^(?:address|article|aside|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|html|li|main|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul)$/;
const HEADING = /^h[1-6]$/;
/** They have no content and no end. */
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/;

interface OpenElement {
  readonly name: string;
  readonly look: HtmlLook;
  readonly skipped: boolean;
  /** Whether line ends in the text are line ends on the page. */
  readonly pre: boolean;
}

/** Collects the lines of a page while its elements pass by. Nothing is run and nothing is fetched. */
class PageCollector {
  readonly lines: TextLine[] = [];
  readonly hidden = new HiddenLines();
  readonly links: string[] = [];
  private readonly styles = new HtmlStyles();
  private readonly open: OpenElement[] = [];
  private text = '';
  private unseen = '';
  private heavy = 0;
  private heading = false;
  private bullet = false;
  private characters = 0;

  opens(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.open.length >= DEEPEST) throw tooComplex('it has an unusual depth');
    const outer = this.open.at(-1);
    const look = this.styles.look(outer?.look ?? PAGE_LOOK, name, attributes);
    this.part(name, outer);
    if (name === 'li') this.bullet = true;
    if (HEADING.test(name)) this.heading = true;
    const skipped = outer?.skipped === true || SKIPPED.test(name);
    if (name === 'a' && attributes['href'] && !skipped && !isUnseen(look) && this.links.length < MOST_LINKS) this.links.push(attributes['href'].slice(0, 2_000));
    if (!VOID.test(name)) this.open.push({ name, look, skipped, pre: outer?.pre === true || name === 'pre' });
  }

  closes(name: string): void {
    if (VOID.test(name)) return;
    const closed = this.open.pop();
    if (closed) this.part(closed.name, this.open.at(-1));
  }

  says(text: string): void {
    const around = this.open.at(-1);
    if (around?.name === 'style') this.styles.add(text);
    if (around?.skipped || this.characters > TEXT_LIMIT) return;
    this.characters += text.length;
    const look = around?.look ?? PAGE_LOOK;
    const shown = around?.pre ? text : text.replace(/\s+/g, ' ');
    if (isUnseen(look)) {
      this.unseen += shown;
      return;
    }
    for (const [index, line] of shown.split('\n').entries()) {
      if (index > 0) this.flush();
      this.text += line;
      if (look.bold) this.heavy += line.trim().length;
    }
  }

  /** Ends what came before. A line that begins in a list item stays one until the item's first line is whole. */
  flush(): void {
    const segments = this.text.split('\t').map(cleanText).filter((segment) => segment !== '');
    if (segments.length > 0) {
      const bold = this.heading || this.heavy >= segments.join('').length * 0.9;
      this.lines.push(plainLine(segments, { bold, height: this.heading ? 16 : 11, bullet: this.bullet }));
      this.bullet = false;
    }
    this.hidden.add(this.unseen, this.lines.length);
    [this.text, this.unseen, this.heavy] = ['', '', 0];
  }

  /** Where an element begins or ends: beside its neighbours, on a line of its own, or in the middle of one. */
  private part(name: string, outer: OpenElement | undefined): void {
    if (name === 'td' || name === 'th' || (outer?.look.row === true && name !== 'br')) this.text += '\t';
    else if (name === 'br' || BLOCKS.test(name)) {
      this.flush();
      if (HEADING.test(name)) this.heading = false;
    }
  }
}

/** The text of a page of HTML, as its own style sheets show it. Throws DocumentError. */
export function htmlLines(file: Buffer): ExtractedDocument {
  // Pictures are often part of the page and larger than all the rest.
  const page = decodeText(file).replace(/data:[\w/+.-]{0,100};base64,[A-Za-z0-9+/=\s]*/g, '');
  if (page.length > MOST_CHARACTERS) throw tooComplex('the page is unusually large');
  const collector = new PageCollector();
  const parser = new Parser({
    onopentag: (name, attributes) => collector.opens(name, attributes), onclosetag: (name) => collector.closes(name), ontext: (text) => collector.says(text),
  }, { decodeEntities: true, lowerCaseTags: true });
  parser.end(page);
  collector.flush();
  return { lines: collector.lines, hidden: collector.hidden.found, links: collector.links, pages: 1 };
}
