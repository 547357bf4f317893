import { tooComplex, unreadable } from '../document-error.js';
import { MOST_POINTS } from './grey-picture.js';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
  /** How often the picture has to be turned to the right by a quarter to stand upright, as the camera says. */
  readonly quarters: number;
}

const EXIF = Buffer.from('Exif\0\0', 'latin1');
const ORIENTATION = 0x0112;
/** What cameras write for a device that was held upright, on its head, or on one of its sides; mirrored pictures are not made by any. */
const QUARTERS: ReadonlyMap<number, number> = new Map([[3, 2], [6, 1], [8, 3]]);
/** Markers of JPEG that begin a frame, which tells the size. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function orientationOf(segment: Buffer): number {
  if (!segment.subarray(0, 6).equals(EXIF) || segment.length < 16) return 0;
  const tiff = segment.subarray(6);
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const [short, long] = [(at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at)), (at: number): number => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at))];
  const start = long(4);
  if (start + 2 > tiff.length) return 0;
  for (let at = start + 2, left = short(start); left > 0 && at + 12 <= tiff.length; at += 12, left -= 1) {
    if (short(at) === ORIENTATION) return QUARTERS.get(short(at + 8)) ?? 0;
  }
  return 0;
}

function jpegSize(file: Buffer): PictureSize {
  let quarters = 0;
  for (let at = 2; at + 9 <= file.length && file[at] === 0xff; ) {
    const marker = file[at + 1]!;
    const length = file.readUInt16BE(at + 2);
    if (isFrame(marker)) return { height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7), quarters };
    if (marker === 0xe1) quarters ||= orientationOf(file.subarray(at + 4, at + 2 + length));
    at += marker === 0xff ? 1 : 2 + length;
  }
  throw unreadable('it is not a complete JPEG');
}

/**
 * The size of a PNG or JPEG in points, read from its first bytes before anything is unpacked.
 * Throws DocumentError where the picture is damaged or larger than a page at 600 dots per inch.
 */
export function pictureSize(file: Buffer): PictureSize {
  if (file.length < 33) throw unreadable('it is not a complete picture');
  const size = file[0] === 0x89 ? { width: file.readUInt32BE(16), height: file.readUInt32BE(20), quarters: 0 } : jpegSize(file);
  if (size.width * size.height > MOST_POINTS) throw tooComplex(`its picture has ${size.width} by ${size.height} points`);
  if (size.width === 0 || size.height === 0) throw unreadable('its picture is empty');
  return size;
}
