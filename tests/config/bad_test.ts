/**
 * Every file of `bad/` is reported exactly as written beside it.
 * `MOCKLLM_GOLDEN=write` rewrites the reports; the diff is the review.
 *
 * @module
 */

import assert from "node:assert/strict";
import { renderProblems } from "../../lib/cli/render.ts";
import { readConfig } from "../../lib/config/compile.ts";

const FOLDER = new URL("bad/", import.meta.url);
const WRITE = Deno.env.get("MOCKLLM_GOLDEN") === "write";

const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
  .filter((name) => name.endsWith(".yml")).sort();

for (const name of names) {
  Deno.test(`readConfig() reports ${name} as bad/${name.replace(".yml", ".txt")} says`, async () => {
    const { config, problems, more } = await readConfig(
      Deno.readTextFileSync(new URL(name, FOLDER)),
      name,
    );
    const report = renderProblems(problems, more);
    const golden = new URL(name.replace(".yml", ".txt"), FOLDER);
    if (WRITE) Deno.writeTextFileSync(golden, report);
    assert.equal(report, Deno.readTextFileSync(golden));
    assert.equal(
      config === undefined,
      problems.some(({ severity }) => severity === "error"),
    );
  });
}

Deno.test("bad/ holds at least 100 files, and no report without its file", () => {
  assert.ok(names.length >= 100);
  const reports = [...Deno.readDirSync(FOLDER)].filter(({ name }) =>
    name.endsWith(".txt")
  );
  assert.equal(reports.length, names.length);
});
