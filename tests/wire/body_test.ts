import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BODY_MS_MAX,
  BODY_RATIO_FREE_BYTES,
  BODY_RATIO_MAX,
  JSON_DEPTH_MAX,
} from "../../lib/core/limits.ts";
import { BadRequest, type FailureKind } from "../../lib/core/reply.ts";
import { drain, EMPTY, readJson, readText } from "../../lib/wire/body.ts";
import { Random } from "../../lib/core/random.ts";
import { ManualClock } from "../support/manual_clock.ts";

function post(
  body: BodyInit | null,
  headers: Record<string, string> = {},
): Request {
  return new Request("http://localhost/", { method: "POST", body, headers });
}

function read(request: Request, bytesMax = 1_000_000): Promise<unknown> {
  return readJson(request, { bytesMax, clock: new ManualClock() });
}

function refusedAs(
  kind: FailureKind,
  message?: RegExp,
): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof BadRequest, String(error));
    assert.equal(error.failure.kind, kind);
    if (message) assert.match(error.failure.message, message);
    return true;
  };
}

function chunked(
  chunks: Uint8Array<ArrayBuffer>[],
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const next = chunks.shift();
      next ? controller.enqueue(next) : controller.close();
    },
  });
}

Deno.test("readJson() reads any JSON back, however it is cut into chunks", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.jsonValue(),
      fc.integer({ min: 1, max: 9 }),
      async (value, size) => {
        const bytes = new TextEncoder().encode(JSON.stringify(value));
        const chunks = Array.from(
          { length: Math.ceil(bytes.length / size) },
          (_, i) => bytes.slice(i * size, (i + 1) * size),
        );
        assert.deepEqual(
          await read(post(chunked(chunks))),
          JSON.parse(JSON.stringify(value)),
        );
      },
    ),
  );
});

Deno.test("readJson() tells a body of no bytes from an empty object", async () => {
  assert.equal(await read(post(null)), EMPTY);
  assert.equal(await read(post("")), EMPTY);
  assert.deepEqual(await read(post("{}")), {});
});

Deno.test("readText() reads what is no JSON, and refuses what is not UTF-8 or too large", async () => {
  const text = (body: BodyInit | null, bytesMax = 10) =>
    readText(post(body), { bytesMax, clock: new ManualClock() });
  assert.equal(await text("a: é"), "a: é");
  assert.equal(await text(null), "");
  const bytes = Uint8Array.of(0xff);
  await assert.rejects(text(bytes), refusedAs("bad-request", /UTF-8/));
  await assert.rejects(text("x".repeat(11)), refusedAs("too-large"));
});

Deno.test("readJson() refuses a body over the limit, declared or not, and takes one at the limit", async () => {
  const body = JSON.stringify("x".repeat(98));
  assert.equal(await read(post(body), 100), "x".repeat(98));
  await assert.rejects(
    read(post(body), 99),
    refusedAs("too-large", /larger than 99 bytes/),
  );
  await assert.rejects(
    read(post("1", { "content-length": "1000" }), 99),
    refusedAs("too-large"),
  );
});

Deno.test("readJson() refuses what is not UTF-8, not JSON or compressed, in its own words", async () => {
  const bytes = (...codes: number[]) =>
    post(Uint8Array.from([0x22, ...codes, 0x22]));
  for (
    const codes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82], [
      0xf5,
      0x80,
      0x80,
      0x80,
    ]]
  ) {
    await assert.rejects(
      read(bytes(...codes)),
      refusedAs("bad-request", /not valid UTF-8/),
    );
  }
  for (const text of ["{", "{'a':1}", "[1,]", "nul", '{"a":1}}', "\u0000"]) {
    await assert.rejects(
      read(post(text)),
      refusedAs("bad-json", /^The request body is not valid JSON$/),
    );
  }
});

Deno.test("readJson() takes the deepest allowed nesting and refuses one level more, of any shape", async () => {
  const lists = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  const objects = (depth: number) =>
    '{"\\"[":'.repeat(depth) + "1" + "}".repeat(depth);
  for (const shape of [lists, objects]) {
    await read(post(shape(JSON_DEPTH_MAX)));
    await assert.rejects(
      read(post(shape(JSON_DEPTH_MAX + 1))),
      refusedAs("bad-request", /nested deeper/),
    );
  }
  await assert.rejects(
    read(post("[".repeat(100_000))),
    refusedAs("bad-request"),
  );
  assert.equal(
    await read(post(JSON.stringify("[".repeat(5_000)))),
    "[".repeat(5_000),
  );
});

Deno.test("readJson() gives up on a body that takes too long, and clears its timer otherwise", async () => {
  const clock = new ManualClock();
  const never = new ReadableStream<Uint8Array>({
    pull: () => new Promise(() => {}),
  });
  const reading = readJson(post(never), { bytesMax: 100, clock });
  const refused = assert.rejects(
    reading,
    refusedAs("timeout", /longer than 30 seconds/),
  );
  await clock.advance(BODY_MS_MAX);
  await refused;
  await readJson(post("1"), { bytesMax: 100, clock });
  assert.equal(clock.nextMs, Infinity);
});

Deno.test("readJson() keeps a key named __proto__ as data", async () => {
  const body = await read(post('{"__proto__": {"stream": true}}'));
  assert.equal(Object.hasOwn(body as object, "__proto__"), true);
  assert.equal(Object.getPrototypeOf(body), Object.prototype);
});

Deno.test("drain() reads to the end and forgives everything", async () => {
  const options = { bytesMax: 10, clock: new ManualClock() };
  await drain(post("x".repeat(100)), options);
  await drain(post(null), options);
});

async function packed(
  text: string,
  format: CompressionFormat,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(
    new CompressionStream(format),
  );
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("readJson() unpacks gzip and deflate, and counts what comes out", async () => {
  for (const format of ["gzip", "deflate"] as const) {
    const headers = { "content-encoding": format };
    assert.deepEqual(
      await read(post(await packed('{"a":1}', format), headers)),
      { a: 1 },
    );
    const bomb = await packed(JSON.stringify("x".repeat(10_000_000)), format);
    assert.ok(bomb.length < 20_000);
    await assert.rejects(
      read(post(bomb, headers), 1e8),
      refusedAs("too-large"),
    );
    await assert.rejects(
      read(post(await packed('{"a":1}', format), headers), 5),
      refusedAs("too-large"),
    );
    assert.equal(await read(post("", headers)), EMPTY);
  }
});

Deno.test("readJson() refuses packed bodies that are none, and ways of packing that it does not know", async () => {
  const gzip = { "content-encoding": "gzip" };
  await assert.rejects(
    read(post("{}", gzip)),
    refusedAs("bad-request", /not what its Content-Encoding says/),
  );
  for (const format of ["gzip", "deflate"] as const) {
    const whole = await packed('{"a":1}', format);
    for (let length = 1; length < whole.length; length++) {
      const torn = post(whole.slice(0, length), { "content-encoding": format });
      await assert.rejects(
        read(torn),
        refusedAs("bad-request", /not what its/),
      );
    }
  }
  await assert.rejects(
    read(post("{}", { "content-encoding": "br, zstd" })),
    refusedAs("unsupported-media", /Unsupported Content-Encoding/),
  );
});

Deno.test("readJson() keeps no chunk alive that it was handed", async () => {
  const huge = new Uint8Array(1 << 20).fill(0x20);
  const chunks = Array.from(
    { length: 20 },
    () => huge.subarray(0, 1) as Uint8Array<ArrayBuffer>,
  );
  assert.equal(
    await read(post(chunked([...chunks, Uint8Array.from([0x31])]))),
    1,
  );
});

Deno.test("readJson() unpacks to the largest ratio allowed and refuses one byte more", async () => {
  const text = (length: number) => JSON.stringify("x".repeat(length - 2));
  const headers = { "content-encoding": "gzip" };
  const free = BODY_RATIO_FREE_BYTES;
  assert.equal(
    ((await read(
      post(await packed(text(free), "gzip"), headers),
      1e8,
    )) as string).length,
    free - 2,
  );
  await assert.rejects(
    read(post(await packed(text(free + 1), "gzip"), headers), 1e8),
    refusedAs("too-large"),
  );
});

Deno.test("readJson() unpacks a large body to as many times its size as the limit says, and refuses one byte more", async () => {
  const random = new Random(1);
  const noise = random.hex(48_000);
  const text = (length: number) =>
    JSON.stringify(noise + "x".repeat(length - noise.length - 2));
  const pack = async (length: number) => await packed(text(length), "gzip");
  // A longer run of the same packs to a byte more now and then: look for where both meet.
  let length = 2 * BODY_RATIO_FREE_BYTES;
  for (let tries = 0; tries < 50; tries++) {
    const next = BODY_RATIO_MAX * (await pack(length)).length;
    if (next === length) break;
    length = next;
  }
  const most = await pack(length);
  const more = await pack(length + 1);
  assert.equal(most.length * BODY_RATIO_MAX, length);
  assert.equal(more.length, most.length);
  const headers = { "content-encoding": "gzip" };
  const answer = await read(post(most, headers), 1e8);
  assert.equal((answer as string).length, length - 2);
  await assert.rejects(
    read(post(more, headers), 1e8),
    refusedAs("too-large"),
  );
});
