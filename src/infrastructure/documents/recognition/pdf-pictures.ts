import type { OPS as Operators } from 'unpdf/pdfjs';
import { IDENTITY, multiply, type Matrix } from '../page-geometry.js';
import type { OperatorList } from '../pdf-drawing.js';

/** A picture as the PDF reader hands it out: with 1, 3 or 4 bytes a point, or a bit a point in rows of whole bytes. */
export interface RawPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
  /** A stencil: its points of 0 are painted in the colour of the moment, the others not at all. */
  readonly isMask: boolean;
}

/** The matrix leads from the unit square, whose top is the first row of the picture, to the page. */
export interface PlacedPicture {
  readonly picture: RawPicture;
  readonly matrix: Matrix;
}

interface PictureArgument {
  readonly width?: number;
  readonly height?: number;
  readonly data?: Uint8Array | string;
}

type Find = (key: string) => Promise<PictureArgument | null>;

const MAX_DEPTH = 200;
/** Scanners cut a page into strips; more pieces than this are a drawing. */
const MAX_PICTURES = 500;

async function rawPicture(argument: unknown, find: Find, isMask: boolean): Promise<RawPicture | null> {
  let named = typeof argument === 'string' ? await find(argument) : (argument as PictureArgument | null);
  if (typeof named?.data === 'string') named = { ...named, ...(await find(named.data)) };
  const { width = 0, height = 0, data } = named ?? {};
  return data instanceof Uint8Array || (data as unknown) instanceof Uint8ClampedArray ? { width, height, data: data as Uint8Array, isMask } : null;
}

/** The pictures of a page in the order in which they are painted, each with its place. `find` waits for a picture that is unpacked. */
export async function picturesOf(operators: typeof Operators, { fnArray, argsArray }: OperatorList, find: Find): Promise<PlacedPicture[]> {
  const found: PlacedPicture[] = [];
  const saved: Matrix[] = [];
  let matrix = IDENTITY;
  const save = (): void => void (saved.length < MAX_DEPTH && saved.push(matrix));
  for (let index = 0; index < fnArray.length && found.length < MAX_PICTURES; index += 1) {
    const values = (argsArray[index] ?? []) as readonly unknown[];
    switch (fnArray[index]) {
      case operators.save:
      case operators.beginGroup:
        save();
        break;
      case operators.paintFormXObjectBegin:
        save();
        if (values[0]) matrix = multiply(matrix, Array.from(values[0] as ArrayLike<number>) as unknown as Matrix);
        break;
      case operators.restore:
      case operators.endGroup:
      case operators.paintFormXObjectEnd:
        matrix = saved.pop() ?? matrix;
        break;
      case operators.transform:
        matrix = multiply(matrix, values as unknown as Matrix);
        break;
      case operators.paintImageXObject:
      case operators.paintInlineImageXObject:
      case operators.paintImageMaskXObject: {
        const picture = await rawPicture(values[0], find, fnArray[index] === operators.paintImageMaskXObject);
        if (picture) found.push({ picture, matrix });
      }
    }
  }
  return found;
}
