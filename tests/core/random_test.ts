import assert from "node:assert/strict";
import fc from "fast-check";
import {
  ALPHABETS,
  drawAt,
  mixSeed,
  Random,
  RandomPieces,
} from "../../lib/core/random.ts";

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

Deno.test("Random draws the same from the same seed, and something else from the next", () => {
  fc.assert(fc.property(seeds, (seed) => {
    assert.equal(new Random(seed).text(20), new Random(seed).text(20));
    assert.notEqual(
      new Random(seed).text(20),
      new Random((seed + 1) % 2 ** 53).text(20),
    );
  }));
});

Deno.test("Random.below() stays in bounds and reaches all of them", () => {
  const random = new Random(7);
  const seen = new Set(Array.from({ length: 1_000 }, () => random.below(16)));
  assert.deepEqual(
    [...seen].sort((a, b) => a - b),
    Array.from({ length: 16 }, (_, i) => i),
  );
});

Deno.test("Random.fraction() is spread evenly", () => {
  const random = new Random(42);
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) {
    tenths[Math.floor(random.fraction() * 10)]! += 1;
  }
  for (const count of tenths) {
    assert.ok(Math.abs(count - 10_000) < 500, String(tenths));
  }
});

Deno.test("Random.text() keeps to its alphabet and length", () => {
  assert.match(
    new Random(1).text(22, ALPHABETS.base58),
    /^[1-9A-HJ-NP-Za-km-z]{22}$/,
  );
  assert.match(new Random(1).hex(33), /^[0-9a-f]{33}$/);
  assert.equal(ALPHABETS.base58.length, 58);
});

Deno.test("Random.text() draws the same whether the text is short or long", () => {
  const short = new Random(3);
  const pieces = Array.from({ length: 50 }, () => short.text(8)).join("");
  assert.equal(new Random(3).text(400), pieces);
});

Deno.test("RandomPieces are the text of the generator, whatever their shape, and again each time", () => {
  const shapes = fc.record({
    count: fc.integer({ min: 1, max: 500 }),
    length: fc.integer({ min: 1, max: 32 }),
  });
  fc.assert(fc.property(seeds, shapes, (seed, shape) => {
    const pieces = new RandomPieces(seed, shape);
    const text = new Random(seed).text(shape.count * shape.length);
    const drawn = [...pieces];
    assert.equal(drawn.join(""), text);
    assert.equal(drawn.length, pieces.count);
    assert.ok(drawn.every((piece) => piece.length === shape.length));
    assert.deepEqual([...pieces], drawn);
    assert.equal(pieces.whole(), text);
  }));
});

Deno.test("mixSeed() gives a million requests a million seeds, all safe integers", () => {
  const seen = new Set<number>();
  for (let ordinal = 0; ordinal < 1_000_000; ordinal++) {
    seen.add(mixSeed(5, "", ordinal));
  }
  assert.equal(seen.size, 1_000_000);
  for (const seed of [...seen].slice(0, 1_000)) {
    assert.ok(Number.isSafeInteger(seed) && seed >= 0);
  }
});

Deno.test("mixSeed() tells sessions, names and process seeds apart", () => {
  fc.assert(
    fc.property(
      seeds,
      fc.string({ minLength: 1 }),
      fc.nat(),
      (seed, name, ordinal) => {
        const mixed = mixSeed(seed, name, ordinal);
        assert.equal(mixSeed(seed, name, ordinal), mixed);
        assert.notEqual(mixSeed(seed, "", ordinal), mixed);
        assert.notEqual(mixSeed((seed + 1) % 2 ** 53, name, ordinal), mixed);
      },
    ),
  );
});

Deno.test("drawAt() draws by place as evenly as a generator draws in turn, in its low bits and its high", () => {
  for (const seed of [0, 1, mixSeed(7, "logprobs", 0)]) {
    const low = new Array<number>(16).fill(0);
    const high = new Array<number>(16).fill(0);
    for (let place = 0; place < 65_536; place++) {
      const draw = drawAt(seed, place);
      assert.ok(Number.isInteger(draw) && draw >= 0 && draw < 2 ** 32);
      low[draw & 15]!++;
      high[draw >>> 28]!++;
    }
    for (const count of [...low, ...high]) {
      assert.ok(Math.abs(count - 4_096) < 300, `${seed}: ${count}`);
    }
  }
});

Deno.test("drawAt() tells seeds and places apart", () => {
  const seen = new Set<number>();
  for (let seed = 0; seed < 100; seed++) {
    for (let place = 0; place < 1_000; place++) seen.add(drawAt(seed, place));
  }
  // Of 100,000 draws out of 2^32 one or two meet by chance.
  assert.ok(seen.size > 99_980, String(seen.size));
});
