import assert from "node:assert/strict";
import { problemsJson, renderProblems, visible } from "../../lib/cli/render.ts";
import type { Problem } from "../../lib/core/problem.ts";

const UNKNOWN: Problem = {
  severity: "error",
  code: "unknown-key",
  message: 'Unknown key "modle" in rules[2].when',
  place: {
    file: "responses.yml",
    line: 14,
    column: 9,
    path: "rules[2].when.modle",
  },
  line: "        modle: gpt-4o",
  length: 5,
  remedy: 'Did you mean "model"?',
};

Deno.test("renderProblems() shows where, what, the line and the way out", () => {
  assert.equal(
    renderProblems([UNKNOWN], 0),
    `responses.yml:14:9: error: Unknown key "modle" in rules[2].when [unknown-key]

   14 │         modle: gpt-4o
      │         ~~~~~

   Did you mean "model"?
`,
  );
});

Deno.test("renderProblems() says nothing of nothing, and counts what is left out", () => {
  assert.equal(renderProblems([], 0), "");
  assert.match(
    renderProblems([UNKNOWN, UNKNOWN], 1),
    /\n\nresponses[^]*\n\n… and 1 more problem\n$/,
  );
  assert.match(renderProblems([UNKNOWN], 12), /… and 12 more problems\n$/);
});

Deno.test("renderProblems() names only the file for a problem of the whole file", () => {
  const place = { file: "r.yml", line: 1, column: 1, path: "" };
  const { remedy: _, ...bare } = UNKNOWN;
  assert.equal(
    renderProblems([{
      ...bare,
      code: "empty-file",
      message: "The file is empty",
      place,
      line: "",
    }], 0),
    "r.yml: error: The file is empty [empty-file]\n",
  );
});

Deno.test("renderProblems() in colour says the same words", () => {
  const colored = renderProblems(
    [UNKNOWN, { ...UNKNOWN, severity: "warning" }],
    0,
    { color: true },
  );
  assert.ok(colored.includes("\u001b[31merror\u001b[0m"));
  assert.ok(colored.includes("\u001b[33mwarning\u001b[0m"));
  // deno-lint-ignore no-control-regex
  const bare = colored.replaceAll(/\u001b\[\d+m/g, "");
  assert.equal(
    bare,
    renderProblems([UNKNOWN, { ...UNKNOWN, severity: "warning" }], 0),
  );
});

Deno.test("renderProblems() lets no control character through to the terminal", () => {
  const evil = "\u001b[2J\u0007\u202e\r\t";
  const text = renderProblems([{
    ...UNKNOWN,
    message: evil,
    line: evil,
    remedy: evil,
    place: { ...UNKNOWN.place, file: evil, column: 1 },
  }], 0);
  assert.match(text, /^(?:[^\p{Cc}\u202e]|\n)*$/u);
  assert.ok(text.includes("\\x1b[2J\\x07\\u202e\\r\\t"));
});

Deno.test("renderProblems() shows the part of a long line that matters, and parts no character", () => {
  const line = `${"😀".repeat(500)}here${"😀".repeat(500)}`;
  const text = renderProblems([{
    ...UNKNOWN,
    line,
    length: 4,
    place: { ...UNKNOWN.place, column: 1001 },
  }], 0);
  const [excerpt = "", waves = ""] = text.split("\n").slice(2, 4);
  assert.match(excerpt, /│ …(😀)+here(😀)+…$/u);
  assert.ok(excerpt.length < 120);
  // An emoji takes two columns, and two code units.
  assert.equal(waves.indexOf("~"), excerpt.indexOf("here"));
});

Deno.test("renderProblems() puts its waves below wide characters", () => {
  const line = "天気: @x";
  const text = renderProblems([{
    ...UNKNOWN,
    line,
    length: 2,
    place: { ...UNKNOWN.place, column: 5 },
  }], 0);
  assert.ok(text.includes("   14 │ 天気: @x\n      │       ~~\n"));
});

Deno.test("problemsJson() is flat data, without the excerpt", () => {
  assert.deepEqual(problemsJson([UNKNOWN], 3), {
    problems: [{
      severity: "error",
      code: "unknown-key",
      message: UNKNOWN.message,
      file: "responses.yml",
      line: 14,
      column: 9,
      path: "rules[2].when.modle",
      remedy: UNKNOWN.remedy,
    }],
    more: 3,
  });
});

Deno.test("visible() escapes what would be obeyed, and leaves everything else", () => {
  assert.equal(visible("a\nb\u0000\u2028é🎉"), "a\\nb\\x00\\u2028é🎉");
});
