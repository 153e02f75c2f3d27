/**
 * Which script a character is of: as much of Unicode as {@linkcode tokenEnd} needs, as ranges.
 *
 * @module
 */

/** What a UTF-16 code unit is, as far as cutting goes. From `LOWER` on: letters. */
export const KIND = {
  END: 0,
  SPACE: 1,
  NEWLINE: 2,
  DIGIT: 3,
  MARK: 4,
  SYMBOL: 5,
  SURROGATE: 6,
  COMBINING: 7,
  LOWER: 8,
  UPPER: 9,
  HAN: 10,
  KANA: 11,
  HANGUL: 12,
  CYRILLIC: 13,
  OTHER: 14,
} as const;

/** The kind of the unit at `index`. Past the end no unit is read: a NaN would cost the speed. */
export function kindAt(text: string, index: number): number {
  return index < text.length
    ? KINDS[text.charCodeAt(index)] as number
    : KIND.END;
}

/** The kind of every code unit: later ranges go over earlier ones. */
export const KINDS = kinds([
  [KIND.SYMBOL, 0, 0xffff],
  [KIND.MARK, 0, 0x7f],
  [KIND.SPACE, 0x09, 0x09, 0x0b, 0x0c, 0x20, 0x20, 0xa0, 0xa0, 0x3000, 0x3000],
  [KIND.NEWLINE, 0x0a, 0x0a, 0x0d, 0x0d],
  [KIND.DIGIT, 0x30, 0x39],
  [KIND.UPPER, 0x41, 0x5a],
  [KIND.LOWER, 0x61, 0x7a, 0xc0, 0x24f, 0x1e00, 0x1eff],
  [KIND.OTHER, 0x250, 0x1dff, 0x1f00, 0x1fff, 0xa4d0, 0xabff],
  [KIND.CYRILLIC, 0x400, 0x52f],
  [KIND.HANGUL, 0x1100, 0x11ff, 0xac00, 0xd7a3],
  [KIND.KANA, 0x3041, 0x30ff],
  [KIND.HAN, 0x3400, 0x4dbf, 0x4e00, 0x9fff, 0xf900, 0xfaff],
  [KIND.COMBINING, 0x300, 0x36f, 0x591, 0x5bd, 0x64b, 0x65f],
  [KIND.COMBINING, 0x200d, 0x200d, 0x20d0, 0x20ff],
  [KIND.COMBINING, 0xe31, 0xe31, 0xe34, 0xe3a, 0xe47, 0xe4e, 0xfe00, 0xfe0f],
  ...indicSigns(),
  [KIND.SURROGATE, 0xd800, 0xdfff],
]);

type KindRanges = readonly [kind: number, ...firstAndLast: number[]];

function kinds(table: readonly KindRanges[]): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  for (const [kind, ...bounds] of table) {
    for (let i = 0; i + 1 < bounds.length; i += 2) {
      kinds.fill(kind, bounds[i], (bounds[i + 1] ?? 0) + 1);
    }
  }
  return kinds;
}

/** The nine Indic blocks are laid out alike, 80 (hexadecimal) apart. */
function indicSigns(): KindRanges[] {
  return Array.from({ length: 9 }, (_, block) => {
    const at = 0x900 + block * 0x80;
    const sign = [at, at + 3, at + 0x3c, at + 0x3c, at + 0x3e, at + 0x4d];
    return [KIND.COMBINING, ...sign];
  });
}
