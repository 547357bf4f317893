import { blends, parseColour, SMALLEST_SIZE, WHITE, type Rgb } from './colours.js';
import type { XmlTag } from './xml-text.js';

interface Look {
  readonly unseen?: boolean;
  readonly colour?: Rgb;
  /** Null where it is not known, as in front of a picture. */
  readonly shade?: Rgb | null;
}

const STYLED = /^(?:text:(?:p|h|span|a)|table:table-cell|draw:(?:frame|text-box|custom-shape))$/;
const attribute = ({ attributes }: XmlTag, name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1];

function lookOf(tag: XmlTag): Look {
  const [colour, shade] = [parseColour(attribute(tag, 'fo:color')), parseColour(attribute(tag, 'fo:background-color'))];
  const size = /^([\d.]+)pt$/.exec(attribute(tag, 'fo:font-size') ?? '')?.[1];
  const unseen = attribute(tag, 'text:display') === 'none' || (size !== undefined && Number(size) < SMALLEST_SIZE);
  return { ...(unseen && { unseen }), ...(colour && { colour }), ...(shade && { shade }) };
}

/** Follows the tags of an OpenDocument text and tells whether the text that comes next is seen. In doubt it is. */
export class OdtVisibility {
  private readonly styles = new Map<string, Look>();
  private readonly open: Look[] = [];
  private style = '';

  tag(tag: XmlTag): void {
    if (tag.name === 'style:style' && !tag.closes) this.style = attribute(tag, 'style:name') ?? '';
    else if (/^style:(?:text|paragraph|table-cell)-properties$/.test(tag.name) && !tag.closes) this.styles.set(this.style, { ...this.styles.get(this.style), ...lookOf(tag) });
    else if (STYLED.test(tag.name) && !tag.empty) this.nest(tag);
  }

  /** Whether nobody sees the text: hidden as such, smaller than can be read, or of the colour behind it. */
  get hides(): boolean {
    const { unseen, colour, shade = WHITE } = this.open.at(-1) ?? {};
    return Boolean(unseen) || (colour !== undefined && shade !== null && blends(colour, shade));
  }

  private nest(tag: XmlTag): void {
    if (tag.closes) {
      this.open.pop();
      return;
    }
    const own = tag.name.startsWith('draw:') ? { shade: null } : this.styles.get(attribute(tag, '(?:text|table):style-name') ?? '');
    this.open.push({ ...this.open.at(-1), ...own });
  }
}
