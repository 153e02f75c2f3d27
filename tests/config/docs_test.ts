/**
 * Every example of `docs/config.md` and `README.md` works as it stands: it is read without a
 * word, and what is shown below it is what is answered.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readConfig } from "../../lib/config/compile.ts";
import { Findings } from "../../lib/config/findings.ts";
import { readValues } from "../../lib/config/read.ts";
import { documentPath, KEYS } from "../../lib/config/shape.ts";
import type { Value } from "../../lib/config/value.ts";
import { talk } from "../support/talk.ts";

const DOCS = Deno.readTextFileSync(
  new URL("../../docs/config.md", import.meta.url),
);

/** A configuration, and the conversation shown below it. */
interface Example {
  readonly line: number;
  readonly yaml: string;
  readonly talk: string | undefined;
}

const EXAMPLES: readonly Example[] = [
  ...DOCS.matchAll(/^```yaml\n([^]*?)^```\n(?:\n```text\n([^]*?)^```\n)?/gm),
].map(({ index, 1: yaml = "", 2: talk }) => ({
  line: DOCS.slice(0, index).split("\n").length + 1,
  yaml,
  talk,
}));

for (const { line, yaml, talk: lines } of EXAMPLES) {
  Deno.test(`docs/config.md:${line}: the example works`, async () => {
    const { config, problems } = await readConfig(yaml, "responses.yml");
    assert.deepEqual(problems, []);
    assert.ok(config);
    if (lines !== undefined) await talk(config, lines);
  });
}

Deno.test("docs/config.md shows every key of a rule and a pace in an example that is answered", () => {
  const shown = new Set<string>();
  for (const { yaml, talk } of EXAMPLES) {
    const root = readValues(new Findings("responses.yml", yaml))?.root;
    if (root !== undefined && talk !== undefined) collect(root, [], shown);
  }
  const missing = [...KEYS.keys()].filter((path) => !shown.has(path));
  assert.deepEqual(missing, []);
});

Deno.test("the examples of docs/config.md are found", () => {
  assert.ok(EXAMPLES.length >= 18);
  assert.ok(EXAMPLES.filter(({ talk }) => talk !== undefined).length >= 16);
  const fences = DOCS.match(/^```(yaml|text)$/gm)?.length ?? 0;
  const found = EXAMPLES.flatMap(({ talk }) => talk === undefined ? 1 : [1, 1]);
  assert.equal(found.length, fences, "each text block follows an example");
});

/** Under which paths the keys in `value` are documented. */
function collect(
  value: Value,
  path: readonly PropertyKey[],
  shown: Set<string>,
): void {
  shown.add(documentPath(path));
  if (value.type === "list") {
    value.items.forEach((item, at) => collect(item, [...path, at], shown));
  } else if (value.type === "table") {
    for (const [name, each] of value.entries) {
      collect(each.value, [...path, name], shown);
    }
  }
}
