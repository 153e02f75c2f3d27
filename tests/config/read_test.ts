import assert from "node:assert/strict";
import { readConfig } from "../../lib/config/compile.ts";
import {
  CONFIG_ALIASES_MAX,
  CONFIG_BYTES_MAX,
  CONFIG_DEPTH_MAX,
  CONFIG_MERGED_MAX,
} from "../../lib/core/limits.ts";
import { Findings } from "../../lib/config/findings.ts";
import { readValues } from "../../lib/config/read.ts";
import type { Value } from "../../lib/config/value.ts";

/** The values without their places. */
function plain(value: Value): unknown {
  if (value.type === "scalar") return value.text;
  if (value.type === "list") return value.items.map(plain);
  return Object.fromEntries(
    [...value.entries].map(([name, entry]) => [name, plain(entry.value)]),
  );
}

function read(text: string): { value: unknown; codes: string[] } {
  const findings = new Findings("r.yml", text);
  const reading = readValues(findings);
  return {
    value: reading && plain(reading.root),
    codes: findings.report().problems.map(({ code }) => code),
  };
}

Deno.test("readValues() leaves scalars uninterpreted", () => {
  assert.deepEqual(read("a: [1, yes, ~, 0x1, 2026-01-01]\nb: !!int 5\n"), {
    value: { a: ["1", "yes", "~", "0x1", "2026-01-01"], b: "5" },
    codes: [],
  });
});

Deno.test("readValues() undoes escapes and folds as YAML does", () => {
  assert.deepEqual(
    read("a: \"x\\ty\"\nb: 'it''s'\nc: |\n  1\n  2\nd: >-\n  1\n  2\n").value,
    {
      a: "x\ty",
      b: "it's",
      c: "1\n2\n",
      d: "1 2",
    },
  );
});

Deno.test("readValues() knows where each value stands", () => {
  const reading = readValues(new Findings("r.yml", 'ab: "cd"\n'));
  assert.ok(reading?.root.type === "table");
  const { key, value } = reading.root.entries.get("ab") ?? assert.fail();
  assert.deepEqual([key.start, key.end, value.start, value.end], [0, 2, 4, 8]);
});

Deno.test("readValues() tells which values an alias uses", () => {
  const reading = readValues(
    new Findings("r.yml", "a: &a {x: y}\nb: &b {x: y}\nc: *a\n"),
  );
  assert.ok(reading?.root.type === "table");
  const shared = [...reading.root.entries].map(([, { value }]) =>
    reading.shared.has(value)
  );
  assert.deepEqual(shared, [true, false, true]);
});

Deno.test("readValues() reads JSON, and a file with one document mark", () => {
  assert.deepEqual(read('{"a": {"b": "c"}}').value, { a: { b: "c" } });
  assert.deepEqual(read("---\na: b\n---\n"), { value: { a: "b" }, codes: [] });
});

const bombs: Record<string, string> = {
  "too-deep": "[".repeat(4_000_000),
  "too-many-aliases": `x: &x y\n${"- *x\n".repeat(500_000)}`,
  "too-large": "a".repeat(5 * 1024 * 1024),
};

for (const [code, text] of Object.entries(bombs)) {
  Deno.test(`readValues() refuses megabytes with ${code} at once`, () => {
    assert.deepEqual(read(text).codes, [code]); // else it would take minutes, or all memory
  });
}

Deno.test("readValues() counts the aliases inside what an alias stands for", () => {
  const text = [..."bcdefghi"].reduce(
    (bomb, name, i) =>
      `${bomb}${name}: &${name} [${
        Array(9).fill(`*${"abcdefgh"[i]}`).join(", ")
      }]\n`,
    "a: &a [x]\n",
  );
  assert.deepEqual(read(text).codes, ["too-many-aliases"]);
});

Deno.test("a bomb below a key of ours costs no more than one elsewhere", async () => {
  const items = (name: string) => Array(9).fill(`*${name}`).join(", ");
  const bomb = [..."bcdefghijk"].map((name, i) =>
    `    ${name}: &${name} [${items("abcdefghij"[i] ?? "")}]\n`
  );
  const text = `responses: {a: b}\nsettings:\n  stream_by:\n    a: &a [x]\n${
    bomb.join("")
  }models: [*k]\n`;
  // Expanded, it would take minutes.
  assert.ok(
    (await readConfig(text, "r.yml")).problems.some(({ code }) =>
      code === "too-many-aliases"
    ),
  );
});

Deno.test("readValues() bounds what merges bring in", () => {
  const large = Array.from({ length: 3_000 }, (_, i) => `  k${i}: v\n`).join(
    "",
  );
  const merges = Array.from({ length: 60 }, (_, i) => `m${i}: { <<: *a }\n`)
    .join("");
  assert.ok(
    read(`a: &a\n${large}${merges}`).codes.includes("too-many-aliases"),
  );
});

Deno.test("readValues() takes as many aliases as the limit says, and refuses one more", () => {
  const text = (count: number) => `- &x y\n${"- *x\n".repeat(count)}`;
  assert.deepEqual(read(text(CONFIG_ALIASES_MAX)).codes, []);
  assert.deepEqual(read(text(CONFIG_ALIASES_MAX + 1)).codes, [
    "too-many-aliases",
  ]);
});

Deno.test("readValues() takes as many aliases as the limit says where aliases stand for aliases, and refuses one more", () => {
  // Each alias of `ten` counts itself and the nine inside.
  const ten = `- &one y\n- &ten [${Array(9).fill("*one").join(", ")}]\n`;
  const tens = Math.floor((CONFIG_ALIASES_MAX - 9) / 10);
  const ones = (CONFIG_ALIASES_MAX - 9) % 10;
  const text = ten + "- *ten\n".repeat(tens) + "- *one\n".repeat(ones);
  assert.deepEqual(read(text).codes, []);
  assert.deepEqual(read(`${text}- *one\n`).codes, ["too-many-aliases"]);
});

Deno.test("readValues() takes as many levels as the limit says, and refuses one more", () => {
  const flow = (levels: number) =>
    "[".repeat(levels) + "a" + "]".repeat(levels);
  const block = (levels: number) =>
    Array.from({ length: levels }, (_, i) => `${" ".repeat(i)}a:`).join("\n") +
    " b\n";
  const list = (levels: number) => `${"- ".repeat(levels)}a\n`;
  for (const nested of [flow, block, list]) {
    assert.deepEqual(read(nested(CONFIG_DEPTH_MAX)).codes, []);
    assert.deepEqual(read(nested(CONFIG_DEPTH_MAX + 1)).codes, ["too-deep"]);
  }
});

Deno.test("readValues() merges as many entries as the limit says, and refuses one more", () => {
  const anchored = (name: string, size: number) =>
    `${name}: &${name}\n${
      Array.from({ length: size }, (_, i) => `  k${i}: v\n`).join("")
    }`;
  const size = CONFIG_MERGED_MAX / CONFIG_ALIASES_MAX;
  const merges = (count: number) =>
    Array.from({ length: count }, (_, i) => `m${i}: { <<: *a }\n`).join("");
  const text = anchored("a", size) + merges(CONFIG_ALIASES_MAX - 1);
  const last = (size: number) => `${anchored("b", size)}last: { <<: *b }\n`;
  assert.deepEqual(read(text + last(size)).codes, []);
  assert.deepEqual(read(text + last(size + 1)).codes, ["too-many-aliases"]);
});

Deno.test("readValues() reads a text of the largest size, and refuses a longer one", () => {
  const text = "#".repeat(CONFIG_BYTES_MAX - 5) + "\na: b";
  assert.deepEqual(read(text).codes, []);
  assert.deepEqual(read(`#${text}`).codes, ["too-large"]);
});
