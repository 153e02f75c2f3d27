/**
 * The law of limits: each is named by a test, at its edge.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as limits from "../../lib/core/limits.ts";

const tests = new URL("../", import.meta.url);

/** Everything the tests say, but for this one. */
function sources(): string {
  return readdirSync(tests, { recursive: true, encoding: "utf8" })
    .filter((file) =>
      file.endsWith("_test.ts") && file !== "core/limits_test.ts"
    )
    .map((file) => readFileSync(new URL(file, tests), "utf8"))
    .join("\n");
}

Deno.test("every limit is named by a test", () => {
  const words = new Set(sources().match(/\b[A-Z][A-Z_]+\b/g));
  const untested = Object.keys(limits).filter((name) => !words.has(name));
  assert.deepEqual(untested, [], "write a test at the edge of each");
});
