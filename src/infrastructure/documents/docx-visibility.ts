import { blends, parseColour, SMALLEST_SIZE, WHITE, type Rgb } from './colours.js';
import type { XmlTag } from './xml-text.js';

/** What decides whether text is seen; what is not said comes from further out. `shade` is null where it is not known. */
interface Look {
  readonly vanish?: boolean;
  readonly colour?: Rgb | null;
  readonly size?: number;
  readonly shade?: Rgb | null;
}

const attribute = (attributes: string, name: string): string | undefined => new RegExp(`w:${name}="([^"]*)"`).exec(attributes)?.[1];

/** The part of a look that one tag says; nothing for other tags. */
function lookOf(name: string, attributes: string): Look {
  const value = attribute(attributes, 'val');
  switch (name) {
    case 'w:vanish':
      return { vanish: !/^(0|false|off)$/.test(value ?? '') };
    case 'w:color':
      return { colour: parseColour(value) };
    case 'w:sz':
      return { size: Number(value ?? 22) / 2 };
    case 'w:highlight':
      return { shade: value === 'none' ? undefined : null };
    case 'w:shd': {
      const fill = attribute(attributes, 'fill');
      return fill === undefined || fill === 'auto' ? {} : { shade: parseColour(fill) };
    }
    default:
      return {};
  }
}

/** The looks of the styles of a document. A style of tables that shades some of its cells has an unknown shade. */
function stylesOf(xml: string): ReadonlyMap<string, Look> {
  const styles = new Map<string, Look>();
  for (const style of xml.split('<w:style ').slice(1)) {
    const head = style.slice(0, 500);
    const id = attribute(head, 'styleId');
    if (id === undefined) continue;
    const said = [...style.slice(0, 20_000).matchAll(/<(w:vanish|w:color|w:sz|w:shd)\b([^<>]*)>/g)].map(([, name, attributes]) => lookOf(name!, attributes!));
    if (/w:type="table"/.test(head)) styles.set(id, said.some(({ shade }) => shade !== undefined) ? { shade: null } : {});
    else styles.set(id, Object.assign({}, ...said) as Look);
  }
  return styles;
}

const PROPERTIES = /^w:(?:tblPr|tcPr|pPr|rPr)$/;

/** Follows the tags of a Word document and tells whether the text that comes next is seen. In doubt it is. */
export class WordVisibility {
  private readonly styles: ReadonlyMap<string, Look>;
  /** Tables and cells around the text, the innermost last. */
  private readonly around: Look[] = [];
  private readonly inside: string[] = [];
  private page: Rgb | null = WHITE;
  private paragraph: Look = {};
  private run: Look | null = null;
  private boxes = 0;
  private former = 0;

  constructor(styles: string, document: string) {
    this.styles = stylesOf(styles);
    // A picture or a shape lies behind the text somewhere.
    if (document.includes('behindDoc="1"')) this.page = null;
  }

  tag({ name, attributes, closes, empty }: XmlTag): void {
    if (name === 'w:rPrChange' || name === 'w:pPrChange') this.former += empty ? 0 : closes ? -1 : 1;
    else if (this.former > 0) return;
    else if (name === 'w:tbl' || name === 'w:tc') this.surround(closes, empty);
    else if (name === 'w:p') this.paragraph = {};
    else if (name === 'w:r') this.run = closes ? null : {};
    else if (name === 'w:txbxContent') this.boxes += closes ? -1 : 1;
    else if (PROPERTIES.test(name)) this.enter(name, closes, empty);
    else if (name === 'w:background') this.page = this.page && parseColour(attribute(attributes, 'color'));
    else if (!closes) this.say(/^w:(?:r|p|tbl)Style$/.test(name) ? (this.styles.get(attribute(attributes, 'val') ?? '') ?? {}) : lookOf(name, attributes));
  }

  /** Whether nobody sees the text: hidden as such, smaller than can be read, or of the colour behind it. */
  get hides(): boolean {
    const { vanish, colour, size, shade } = { ...this.paragraph, ...this.run };
    if (vanish || (size !== undefined && size < SMALLEST_SIZE)) return true;
    if (!colour || this.boxes > 0) return false;
    const shades = [shade, this.paragraph.shade, ...this.around.map((look) => look.shade).reverse()];
    const behind = shades.find((candidate) => candidate !== undefined);
    const known = behind === undefined ? this.page : behind;
    return known !== null && blends(colour, known);
  }

  private surround(closes: boolean, empty: boolean): void {
    if (closes) this.around.pop();
    else if (!empty) this.around.push({});
  }

  private enter(name: string, closes: boolean, empty: boolean): void {
    if (closes) this.inside.pop();
    else if (!empty && this.inside.length < 100) this.inside.push(name);
  }

  private say(look: Look): void {
    const place = this.inside.at(-1);
    if (place === 'w:rPr' && this.run) this.run = { ...this.run, ...look };
    else if (place === 'w:pPr') this.paragraph = { ...this.paragraph, ...look };
    else if ((place === 'w:tblPr' || place === 'w:tcPr') && this.around.length > 0) this.around.push({ ...this.around.pop(), ...look });
  }
}
