import assert from "node:assert/strict";
import fc from "fast-check";
import { Findings, quote } from "../../lib/config/findings.ts";
import { renderProblems } from "../../lib/cli/render.ts";
import { PROBLEM_LINE_CHARS_MAX, PROBLEMS_MAX } from "../../lib/core/limits.ts";

Deno.test("Findings places a span by line and column, and keeps its line", () => {
  const findings = new Findings("r.yml", "\ufeffone\r\ntwo: three\n");
  findings.error({
    code: "c",
    message: "M",
    at: { start: 9, end: 14 },
    path: "two",
    remedy: "R",
  });
  assert.deepEqual(findings.report(), {
    problems: [{
      severity: "error",
      code: "c",
      message: "M",
      place: { file: "r.yml", line: 2, column: 6, path: "two" },
      line: "two: three",
      length: 5,
      remedy: "R",
    }],
    more: 0,
  });
});

Deno.test("Findings reports in order of place, whatever the order of finding", () => {
  const findings = new Findings("r.yml", "a\nb\nc\n");
  for (const start of [4, 0, 2]) {
    findings.error({
      code: "c",
      message: `${start}`,
      at: { start, end: start + 1 },
    });
  }
  assert.deepEqual(findings.report().problems.map(({ place }) => place.line), [
    1,
    2,
    3,
  ]);
});

Deno.test("Findings keeps a bounded number, errors before warnings, and counts the rest", () => {
  const lines = 10 * PROBLEMS_MAX;
  const findings = new Findings("r.yml", "x\n".repeat(lines));
  for (let line = 0; line < lines; line++) {
    const finding = {
      code: "c",
      message: "M",
      at: { start: 2 * line, end: 2 * line + 1 },
    };
    if (line === lines - 1) findings.error(finding);
    else findings.warn(finding);
  }
  const { problems, more } = findings.report();
  assert.equal(problems.length, PROBLEMS_MAX);
  assert.equal(more, lines - PROBLEMS_MAX);
  assert.equal(problems.at(-1)?.severity, "error");
  assert.equal(problems[0]?.place.line, 1);
});

Deno.test("law: what is shown of a problem is the same however little of a long line is kept", () => {
  const length = 3 * PROBLEM_LINE_CHARS_MAX;
  const [start, end] = [fc.nat(length - 1), fc.nat(length)];
  fc.assert(fc.property(fc.nat(length), start, end, (chars, start, end) => {
    const line = "abc😀é\t".repeat(length).slice(0, chars).toWellFormed();
    const at = { start: start % (chars + 1), end };
    const findings = new Findings("r.yml", `# first\n${line}\nlast`);
    const offset = "# first\n".length;
    findings.error({
      code: "c",
      message: "M",
      at: { start: offset + at.start, end: offset + at.end },
    });
    const { problems: [problem], more } = findings.report();
    assert.ok(problem !== undefined);
    assert.ok(problem.line.length <= PROBLEM_LINE_CHARS_MAX);
    const { skipped: _skipped, ...rest } = problem;
    const reach = line.length - at.start;
    const whole = {
      ...rest,
      line,
      length: Math.max(1, Math.min(at.end - at.start, reach)),
    };
    assert.equal(
      renderProblems([problem], more),
      renderProblems([whole], more),
    );
  }));
});

Deno.test("law: lineOf() counts the line breaks before", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "\n", " ") }),
      (text) => {
        const findings = new Findings("r.yml", text);
        for (let at = 0; at <= text.length; at++) {
          assert.equal(
            findings.lineOf(at),
            text.slice(0, at).split("\n").length,
          );
        }
      },
    ),
  );
});

Deno.test("quote() shortens, and stays on one line", () => {
  assert.equal(quote("a\nb"), '"a\\nb"');
  assert.equal(quote("😀".repeat(200)).length, 57 * 2 + 5);
});
