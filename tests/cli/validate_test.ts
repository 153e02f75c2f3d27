import assert from "node:assert/strict";
import { say } from "../support/command.ts";
import { temporaryFolder } from "../support/process.ts";

/** What `validate` says of files with these texts, by their names. */
async function validated(
  files: Readonly<Record<string, string>>,
  ...options: string[]
) {
  await using folder = await temporaryFolder();
  const names = Object.keys(files).map((name) => `${folder.path}/${name}`);
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder.path}/${name}`, text);
  }
  const { code, out } = await say("validate", ...options, ...names);
  return { code, out: out.replaceAll(`${folder.path}/`, "") };
}

const RULES = `rules:
  - name: order
    when:
      prompt: '/order #(?<id>\\d+)/i'
      model: "gpt-*"
      system: { not: { exact: "Be brief" } }
    reply: Shipped.
  - when: { prompt: [hello, /usr/bin/g], header: { x-team: search } }
    reply: Hello.
`;

Deno.test("validate counts rules and responses", async () => {
  const { code, out } = await validated({ "a.yml": RULES });
  assert.deepEqual([code, out], [0, "a.yml: good, 2 rules\n"]);
  const both = `${RULES}responses:\n  hi: there\n`;
  assert.equal(
    (await validated({ "a.yml": both })).out,
    "a.yml: good, 2 rules, 1 response\n",
  );
});

Deno.test("validate takes several files as one configuration", async () => {
  const files = { "a.yml": RULES, "b.yml": "responses: { hi: there }\n" };
  assert.equal(
    (await validated(files)).out,
    "a.yml, b.yml: good, 2 rules, 1 response\n",
  );
});

Deno.test("validate reports a missing file beside the problems of the others", async () => {
  await using folder = await temporaryFolder();
  const bad = `${folder.path}/bad.yml`;
  await Deno.writeTextFile(bad, "respnses: {}\n");
  const { code, out } = await say("validate", bad, `${folder.path}/none.yml`);
  assert.equal(code, 1);
  assert.match(
    out,
    /bad\.yml:1:1: error: [^]*none\.yml: error: There is no such file/,
  );
});

Deno.test("validate --verbose tells how each pattern was read", async () => {
  const { out } = await validated({ "a.yml": RULES }, "--verbose");
  assert.equal(
    out,
    `a.yml: good, 2 rules

a.yml:2 "order"
  prompt         /order #(?<id>\\d+)/i    regular expression, catches id
  system         not exactly "Be brief"  exact text
  model          "gpt-*"                 glob

a.yml:8
  prompt         "hello"                 plain text
  prompt         "/usr/bin/g"            plain text
  header x-team  "search"                plain text
`,
  );
});

Deno.test("validate --json tells all of it as data", async () => {
  const { out } = await validated({ "a.yml": RULES }, "--json", "-v");
  const { patterns, files, ...rest } = JSON.parse(out);
  assert.deepEqual(rest, {
    ok: true,
    rules: 2,
    responses: 0,
    problems: [],
    more: 0,
  });
  assert.match(files.join(), /a\.yml$/);
  assert.deepEqual(patterns[0], {
    rule: "order",
    place: "a.yml:2",
    field: "prompt",
    pattern: "/order #(?<id>\\d+)/i",
    read_as: "regular expression",
    captures: ["id"],
  });
  assert.equal(patterns.length, 6);
  const bad = await validated({ "a.yml": "respnses: {}\n" }, "--json", "-v");
  const report = JSON.parse(bad.out);
  assert.deepEqual([bad.code, report.ok, report.rules, report.patterns], [
    1,
    false,
    0,
    [],
  ]);
});
