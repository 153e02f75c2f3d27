/** The text format: what is written is what a parser reads. */

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  header,
  labelText,
  number,
  pairs,
  sample,
} from "../../lib/metrics/exposition.ts";
import { LABEL_CHARS_MAX } from "../../lib/core/limits.ts";
import { readFamilies, readSamples } from "../support/prometheus.ts";

/** Any text: quotes, backslashes, line ends, half characters. */
const anyText = fc.string({ unit: "binary" });

Deno.test("any text without half characters survives as the value of a label", () => {
  fc.assert(fc.property(anyText, (value) => {
    fc.pre(value.isWellFormed());
    const line = sample("a", pairs({ before: "x", value, after: "y" }), 1);
    const labels = value === ""
      ? { before: "x", after: "y" }
      : { before: "x", value, after: "y" };
    assert.deepEqual(readSamples(line), [{ name: "a", labels, value: 1 }]);
  }));
});

Deno.test("labelText() keeps short plain text, and says control characters as U+FFFD", () => {
  assert.equal(labelText('gpt-"4"\\ é 😀'), 'gpt-"4"\\ é 😀');
  assert.equal(labelText("\ufeffmodel"), "\ufeffmodel");
  assert.equal(labelText("a\u0000\n\u001b[2J\u009f"), "a��\ufffd[2J�");
});

Deno.test("labelText() cuts at LABEL_CHARS_MAX and leaves no half character", () => {
  const longest = "m".repeat(LABEL_CHARS_MAX);
  assert.equal(labelText(longest), longest);
  assert.equal(labelText(longest + "m"), longest);
  const split = "m".repeat(LABEL_CHARS_MAX - 1) + "😀";
  assert.equal(labelText(split), "m".repeat(LABEL_CHARS_MAX - 1) + "\ufffd");
});

Deno.test("labelText() changes nothing the second time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", size: "large" }), (text) => {
      const once = labelText(text);
      assert.ok(once.isWellFormed());
      assert.ok(once.length <= LABEL_CHARS_MAX);
      assert.equal(labelText(once), once);
    }),
  );
});

Deno.test("any number survives", () => {
  fc.assert(fc.property(fc.double({ noNaN: true }), (value) => {
    const [read] = readSamples(sample("a", "", value));
    assert.equal(read?.value, value === 0 ? 0 : value);
  }));
  assert.equal(number(Infinity), "+Inf");
  assert.equal(number(-Infinity), "-Inf");
});

Deno.test("a help text may hold backslashes and line ends", () => {
  const head = { name: "a", help: "one \\n two\nthree", type: "gauge" };
  assert.deepEqual(readFamilies(header(head) + sample("a", "", 1)), [head]);
});
