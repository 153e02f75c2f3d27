import assert from "node:assert/strict";
import {
  AUTO_CHARS_MAX,
  AUTO_PATTERN_STEPS_MAX,
  AUTO_PATTERNS_MAX,
  AUTO_STEPS_MAX,
  SCHEMA_PATTERN_FAST_STEPS_MAX,
  SCHEMA_PATTERN_SLOW_STEPS_MAX,
  SCHEMA_PATTERN_STEPS_MAX,
  SCHEMA_PATTERN_TEXT_CHARS_MAX,
  SCHEMA_STEPS_MAX,
} from "../../lib/core/limits.ts";
import { Random } from "../../lib/core/random.ts";
import { addKeywords } from "../../lib/match/auto_keywords.ts";
import { textOfPattern } from "../../lib/match/auto_pattern.ts";
import { Purse } from "../../lib/match/auto_purse.ts";
import { blank } from "../../lib/match/auto_shape.ts";
import { valueFor } from "../../lib/match/auto_value.ts";
import { Tangled } from "../../lib/match/regex_graph.ts";
import { worstOf } from "../../lib/match/runaway.ts";
import { violationsOf } from "../../lib/match/schema_judge.ts";
import { Patterns } from "../../lib/match/schema_patterns.ts";
import { Steps } from "../../lib/match/steps.ts";
import { COSTLY, VALUES } from "../support/costly_schemas.ts";

/** A hundred times what it should take: a slow machine is no failure, a hang is. */
const SOON_MS = 10_000;

function soon(what: string, work: () => void): void {
  const before = performance.now();
  work();
  const tookMs = performance.now() - before;
  assert.ok(tookMs < SOON_MS, `${what} took ${tookMs} ms`);
}

for (const [name, schema] of Object.entries(COSTLY)) {
  Deno.test(`valueFor(): ${name}: what is made is JSON, and is made soon`, () => {
    soon("it", () => {
      const made = JSON.stringify(valueFor(schema, 1));
      assert.ok(made.length < 16 * AUTO_CHARS_MAX, String(made.length));
    });
  });

  Deno.test(`violationsOf(): ${name}: any value is judged soon, in the steps there are`, () => {
    for (const [what, value] of Object.entries(VALUES)) {
      const steps = new Steps(SCHEMA_STEPS_MAX);
      soon(what, () => void violationsOf(value, schema, steps));
      // The last look may be a long one.
      assert.ok(steps.left > -SCHEMA_STEPS_MAX, `${what}: ${steps.left}`);
    }
  });
}

Deno.test("valueFor(): an answer may take AUTO_STEPS_MAX steps, one of many a part of that", () => {
  for (const parts of [1, 4]) {
    const purse = new Purse(parts);
    assert.ok(purse.schema(AUTO_STEPS_MAX / parts - 1));
    assert.equal(purse.isEmpty, false);
    purse.schema(1);
    assert.equal(purse.isEmpty, true);
  }
});

Deno.test("valueFor(): of wide dependents, all that are wanted are there, in any order", () => {
  const length = 500;
  const schema = {
    type: "object",
    required: [`p${length}`],
    dependentRequired: Object.fromEntries(
      Array.from({ length }, (_, at) => [`p${at + 1}`, [`p${at}`]]),
    ),
  };
  assert.deepEqual(violationsOf(valueFor(schema, 1), schema), []);
});

Deno.test("valueFor(): numbers are finite, whatever the bounds", () => {
  const schemas = [
    '{"type":"integer","minimum":1e308,"multipleOf":1e-300}',
    '{"type":"number","multipleOf":1e999}',
    '{"type":"number","minimum":1e307}',
    '{"type":"number","minimum":1e999}',
    '{"type":"integer","maximum":-1e999}',
    '{"type":"number","minimum":1e308,"multipleOf":1.7e308}',
    '{"type":"number","minimum":-1e308,"maximum":-1e308}',
  ];
  for (const schema of schemas) {
    for (let seed = 0; seed < 5; seed++) {
      const value = valueFor(JSON.parse(schema), seed);
      assert.ok(Number.isFinite(value), `${value} for ${schema}`);
    }
  }
});

Deno.test("textOfPattern(): one text takes AUTO_PATTERN_STEPS_MAX steps, also of what is empty", () => {
  const source = "^(?:(?:){100000}){100000}$";
  const steps = new Steps(10 * AUTO_PATTERN_STEPS_MAX);
  const wanted = { least: 0, most: Infinity };
  assert.equal(textOfPattern(source, wanted, new Random(1), steps), "");
  const taken = 10 * AUTO_PATTERN_STEPS_MAX - steps.left;
  assert.ok(taken >= AUTO_PATTERN_STEPS_MAX);
  assert.ok(taken <= AUTO_PATTERN_STEPS_MAX + 200, String(taken));
});

Deno.test("valueFor(): AUTO_PATTERNS_MAX patterns, formats and steps of one value are heeded, each once", () => {
  const shape = blank();
  for (let at = 0; at <= AUTO_PATTERNS_MAX; at++) {
    const schema = { pattern: `${at}`, format: `${at}`, multipleOf: at + 1 };
    addKeywords(shape, schema);
    addKeywords(shape, schema);
  }
  assert.equal(shape.patterns.length, AUTO_PATTERNS_MAX);
  assert.equal(shape.formats.length, AUTO_PATTERNS_MAX);
  assert.equal(shape.steps.length, AUTO_PATTERNS_MAX);
  assert.deepEqual(shape.patterns.slice(0, 2), ["0", "1"]);
});

// Patterns ────────────────────────────────────────────────────────────────────

const TANGLED = `^${".*a?".repeat(200)}`;

/** Whether `source` is safe by what it may take, and what it took to tell. */
function told(source: string, matchSteps: number, most: number) {
  const judgeSteps = new Steps(most);
  const inputChars = SCHEMA_PATTERN_TEXT_CHARS_MAX;
  const bounds = { inputChars, matchSteps, judgeSteps, strict: true };
  const isSafe = worstOf(source, "u", bounds) === undefined;
  return { isSafe, taken: most - judgeSteps.left };
}

Deno.test("worstOf(): where every glance counts, little is done once the steps are spent", () => {
  const most = SCHEMA_PATTERN_STEPS_MAX;
  assert.throws(() => told(TANGLED, 1e6, most), Tangled);
  const copies = `${"(?:".repeat(60)}a${"{2})".repeat(60)}`;
  soon("copies of copies", () => {
    assert.throws(() => told(copies, 1e6, most), Tangled);
  });
  const email = "^(?:[a-z]+\\.)*[a-z]+@(?:[a-z-]+\\.)+[a-z]{2,}$";
  const { isSafe, taken } = told(email, 1e6, most);
  assert.ok(isSafe && taken < most / 4, String(taken));
});

Deno.test("Patterns: SCHEMA_PATTERN_STEPS_MAX is for all patterns of a judgement, known ones too", () => {
  const matches = (...sources: readonly string[]) => {
    const patterns = new Patterns();
    return sources.map((each) =>
      patterns.matches(each, "aab", new Steps(SCHEMA_STEPS_MAX))
    );
  };
  assert.deepEqual(matches("^a+b$", "^a+$"), [true, false]);
  const spent = [undefined, undefined, undefined];
  for (const _ of ["new", "known"]) {
    assert.deepEqual(matches(`${TANGLED}1`, "^a+b$", "^a+$"), spent);
  }
  assert.deepEqual(matches("^a+b$", `${TANGLED}1`), [true, undefined]);
});

/** What it takes to try `source` on 400 characters; undefined if it is not tried. */
function costOf(source: string): number | undefined {
  const steps = new Steps(SCHEMA_STEPS_MAX);
  const text = "a".repeat(400);
  const matches = new Patterns().matches(source, text, steps);
  return matches === undefined ? undefined : SCHEMA_STEPS_MAX - steps.left;
}

Deno.test("Patterns: what takes more than SCHEMA_PATTERN_FAST_STEPS_MAX pays more, more than SCHEMA_PATTERN_SLOW_STEPS_MAX is not tried", () => {
  const chars = SCHEMA_PATTERN_TEXT_CHARS_MAX;
  const doubling = (steps: number, more: number) =>
    costOf(`(?:a|a){1,${Math.floor(Math.log2(steps / chars)) + more}}x`);
  assert.equal(doubling(SCHEMA_PATTERN_FAST_STEPS_MAX, 0), 101);
  assert.equal(doubling(SCHEMA_PATTERN_FAST_STEPS_MAX, 1), 1_601);
  assert.equal(doubling(SCHEMA_PATTERN_SLOW_STEPS_MAX, 0), 1_601);
  assert.equal(doubling(SCHEMA_PATTERN_SLOW_STEPS_MAX, 1), undefined);
});
