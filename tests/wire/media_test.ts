/** Sizes of what comes as base64: by the first bytes, and never by more. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { MEDIA_HEAD_CHARS_MAX } from "../../lib/core/limits.ts";
import {
  byteLength,
  dataOf,
  imageSize,
  soundSeconds,
} from "../../lib/wire/media.ts";

function base64(...parts: (string | readonly number[])[]): string {
  const text = parts.map((part) =>
    typeof part === "string" ? part : String.fromCharCode(...part)
  ).join("");
  return btoa(text);
}

const zeros = (count: number) => Array.from({ length: count }, () => 0);
const REST = zeros(48);

/** A segment of a JPEG: a marker, its length, what fills it. */
function segment(marker: number, length: number): number[] {
  return [0xff, marker, length >> 8, length & 0xff, ...zeros(length - 2)];
}

const FRAME = [0xff, 0xc2, 0, 17, 8, 0x01, 0x02, 0x03, 0x04];

Deno.test("imageSize() reads PNG, GIF and all three kinds of WebP", () => {
  const cases: [name: string, data: string, width: number, height: number][] = [
    [
      "PNG",
      base64("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", [0, 0, 2, 1, 0, 0, 0, 7], REST),
      513,
      7,
    ],
    ["GIF", base64("GIF89a", [0x01, 0x02, 0x07, 0], REST), 513, 7],
    [
      "VP8X",
      base64("RIFF\0\0\0\0WEBPVP8X", zeros(8), [0, 2, 0, 6, 0, 0], REST),
      513,
      7,
    ],
    [
      "VP8L",
      base64(
        "RIFF\0\0\0\0WEBPVP8L",
        zeros(4),
        [0x2f, 0x00, 0x82, 0x01, 0],
        REST,
      ),
      513,
      7,
    ],
    [
      "VP8",
      base64(
        "RIFF\0\0\0\0WEBPVP8 ",
        zeros(4),
        [0, 0, 0, 0x9d, 0x01, 0x2a, 1, 2, 7, 0],
        REST,
      ),
      513,
      7,
    ],
  ];
  for (const [name, data, width, height] of cases) {
    assert.deepEqual(imageSize(data), { width, height }, name);
  }
});

Deno.test("imageSize() finds the frame of a JPEG behind other segments", () => {
  const size = { width: 0x0304, height: 0x0102 };
  const data = base64(
    [0xff, 0xd8],
    segment(0xe0, 16),
    segment(0xe1, 9_000),
    segment(0xc4, 30), // no frame, though its number is among theirs
    FRAME,
    REST,
  );
  assert.deepEqual(imageSize(data), size);
});

Deno.test("imageSize() looks at MEDIA_HEAD_CHARS_MAX of a JPEG, and no further", () => {
  const headBytes = MEDIA_HEAD_CHARS_MAX * 3 / 4;
  const at = (frameAt: number) =>
    imageSize(
      base64([0xff, 0xd8], segment(0xe1, frameAt - 4), FRAME, REST),
    );
  assert.deepEqual(at(headBytes - 9), { width: 0x0304, height: 0x0102 });
  assert.equal(at(headBytes - 8), undefined);
});

Deno.test("imageSize() tells nothing of what is no image, and throws for none", () => {
  for (const data of ["", "AAAA", "not base64!".repeat(20), "=".repeat(100)]) {
    assert.equal(imageSize(data), undefined, data);
  }
  assert.equal(imageSize(base64([0xff, 0xd8], REST, REST)), undefined);
  fc.assert(fc.property(
    fc.constantFrom("/9j/", "iVBORw0KGgo", "R0lGODlh", "UklGRg", ""),
    fc.oneof(fc.base64String(), fc.string()),
    (magic, rest) => {
      const { width = 1, height = 1 } = imageSize(magic + rest) ?? {};
      assert.ok(width > 0 && height > 0);
    },
  ));
});

Deno.test("soundSeconds() goes by the rate in a WAV's header, else by the one given", () => {
  const wav = base64(
    "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\xc0\x5d\0\0",
    [0x80, 0xbb, 0, 0],
    zeros(48_000 - 32),
  );
  assert.equal(soundSeconds(wav, 1), 1);
  assert.equal(soundSeconds("A".repeat(4_000), 1_500), 2);
});

Deno.test("dataOf() is the base64 of a data URL, and of no other", () => {
  assert.equal(dataOf("data:image/png;base64,AAAA"), "AAAA");
  assert.equal(dataOf("data:text/plain,hello"), undefined);
  assert.equal(dataOf("https://example.com/;base64,AAAA"), undefined);
  assert.equal(byteLength("AAAA"), 3);
});
