import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { unreadable } from '../document-error.js';
import type { SeenLine } from './recognized-page.js';

/** The part of Tesseract's programming interface that is used; strings and numbers pass as they are. */
interface TesseractApi {
  SetVariable(name: string, value: string): boolean;
  Init(path: null, languages: string, engine: number): number;
  SetImageFile(orientation: number, angle: number): number;
  Recognize(monitor: null): number;
  GetJSONText(page: number): string;
  MeanTextConf(): number;
}

interface TesseractModule {
  readonly FS: { writeFile(path: string, content: Uint8Array): void };
  readonly TessBaseAPI: new () => TesseractApi;
}

interface SeenBlock {
  readonly paragraphs: readonly { readonly lines: readonly SeenLine[] }[] | null;
}

export interface SeenText {
  readonly lines: readonly SeenLine[];
  /** 0 to 100. */
  readonly confidence: number;
}

/** The neural recogniser, which alone the model is made for. */
const NEURAL = 1;
/** Finds columns and paragraphs by itself; it would take the page for one block of text. */
const WHOLE_PAGE = '3';
/** The orientations of EXIF that are set upright by none to three quarters to the right. */
const TURNS = [1, 6, 3, 8] as const;
const MODEL = '@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz';
const load = createRequire(import.meta.url);

/** Recognises the text of pictures; English, and what is written with the same letters. Needs about 150 MB. */
export class TextRecognizer {
  private constructor(
    private readonly module: TesseractModule,
    private readonly api: TesseractApi,
  ) {}

  /** Takes half a second. */
  static async open(): Promise<TextRecognizer> {
    const start = load('tesseract.js-core/tesseract-core-simd-lstm.js') as (options: object) => Promise<TesseractModule>;
    // It tells of empty pages on the standard output, where commands print their answers.
    const module = await start({ print: () => undefined, printErr: () => undefined });
    module.FS.writeFile('eng.traineddata', gunzipSync(readFileSync(load.resolve(MODEL))));
    const api = new module.TessBaseAPI();
    if (api.Init(null, 'eng', NEURAL) !== 0) throw new Error('The model of the text recogniser cannot be read.');
    api.SetVariable('tessedit_pageseg_mode', WHOLE_PAGE);
    return new TextRecognizer(module, api);
  }

  /** `picture` is a file in PNG, JPEG or PGM, which is turned to the right by so many quarters first. Throws DocumentError where it cannot be read. */
  recognize(picture: Uint8Array, quarters: number): SeenText {
    this.module.FS.writeFile('/input', picture);
    if (this.api.SetImageFile(TURNS[quarters % TURNS.length]!, 0) !== 0) throw unreadable('its picture is damaged');
    if (this.api.Recognize(null) !== 0) throw unreadable('its picture cannot be looked at');
    const { blocks } = JSON.parse(this.api.GetJSONText(0)) as { blocks: readonly SeenBlock[] | null };
    return { lines: (blocks ?? []).flatMap(({ paragraphs }) => paragraphs ?? []).flatMap(({ lines }) => lines), confidence: this.api.MeanTextConf() };
  }
}
