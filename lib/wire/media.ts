/**
 * How large images, sounds and documents are that come as base64, as far as their first bytes
 * tell. Reads no more than {@linkcode MEDIA_HEAD_CHARS_MAX} of them, and believes what they say.
 *
 * @module
 */

import { MEDIA_HEAD_CHARS_MAX } from "../core/limits.ts";

/** Width and height of an image in pixels. */
export interface ImageSize {
  /** Pixels across. */
  readonly width: number;
  /** Pixels down. */
  readonly height: number;
}

/** The size of the image in `base64`: PNG, JPEG, GIF or WebP; undefined where it cannot be told. */
export function imageSize(base64: string): ImageSize | undefined {
  const head = headOf(base64, HEAD_CHARS);
  if (head === undefined) return undefined;
  const size = isJpeg(head)
    ? jpegSize(headOf(base64, MEDIA_HEAD_CHARS_MAX) ?? head)
    : pngSize(head) ?? gifSize(head) ?? webpSize(head);
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}

/** How long the sound in `base64` lasts: WAV by its header, all else by `bytesPerSecond`. */
export function soundSeconds(base64: string, bytesPerSecond: number): number {
  const head = headOf(base64, HEAD_CHARS);
  const rate = head && ascii(head, 0, "RIFF") && ascii(head, 8, "WAVE")
    ? head.getUint32(28, true)
    : 0;
  return byteLength(base64) / (rate || bytesPerSecond);
}

/** How many bytes `base64` holds. */
export function byteLength(base64: string): number {
  return Math.floor(base64.length * 3 / 4);
}

/** The base64 of a data URL; undefined where it holds none. */
export function dataOf(url: string): string | undefined {
  const comma = url.slice(0, DATA_PREFIX_CHARS).indexOf(";base64,");
  return url.startsWith("data:") && comma > 0
    ? url.slice(comma + 8)
    : undefined;
}

const DATA_PREFIX_CHARS = 200;

/** Enough for all but JPEG, which may put whole pictures before the size. */
const HEAD_CHARS = 64;

function headOf(base64: string, chars: number): DataView | undefined {
  const whole = Math.min(base64.length, chars) & ~3;
  if (whole < HEAD_CHARS && base64.length >= HEAD_CHARS) return undefined;
  try {
    const text = atob(base64.slice(0, whole));
    if (text.length < HEAD_BYTES_MIN) return undefined;
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    return new DataView(bytes.buffer);
  } catch {
    return undefined; // no base64
  }
}

/** What is shorter is no image. */
const HEAD_BYTES_MIN = 32;

function ascii(head: DataView, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (head.getUint8(at + i) !== text.charCodeAt(i)) return false;
  }
  return true;
}

function pngSize(head: DataView): ImageSize | undefined {
  if (!ascii(head, 1, "PNG") || !ascii(head, 12, "IHDR")) return undefined;
  return { width: head.getUint32(16), height: head.getUint32(20) };
}

function gifSize(head: DataView): ImageSize | undefined {
  if (!ascii(head, 0, "GIF8")) return undefined;
  return { width: head.getUint16(6, true), height: head.getUint16(8, true) };
}

function webpSize(head: DataView): ImageSize | undefined {
  if (!ascii(head, 0, "RIFF") || !ascii(head, 8, "WEBP")) return undefined;
  if (ascii(head, 12, "VP8X")) {
    return { width: uint24(head, 24) + 1, height: uint24(head, 27) + 1 };
  }
  if (ascii(head, 12, "VP8L")) {
    const bits = head.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: (bits >> 14 & 0x3fff) + 1 };
  }
  if (!ascii(head, 12, "VP8 ")) return undefined;
  return {
    width: head.getUint16(26, true) & 0x3fff,
    height: head.getUint16(28, true) & 0x3fff,
  };
}

function uint24(head: DataView, at: number): number {
  return head.getUint16(at, true) + head.getUint8(at + 2) * 0x10000;
}

function isJpeg(head: DataView): boolean {
  return head.getUint16(0) === 0xffd8;
}

/** The size stands in the frame header, after segments of which each tells its length. */
function jpegSize(head: DataView): ImageSize | undefined {
  for (let at = 2; at + 9 <= head.byteLength;) {
    const marker = head.getUint16(at);
    if (marker < 0xff01) return undefined;
    const frame = marker >= 0xffc0 && marker <= 0xffcf &&
      marker !== 0xffc4 && marker !== 0xffc8 && marker !== 0xffcc;
    if (frame) {
      return { width: head.getUint16(at + 7), height: head.getUint16(at + 5) };
    }
    at += 2 + head.getUint16(at + 2);
  }
  return undefined;
}
