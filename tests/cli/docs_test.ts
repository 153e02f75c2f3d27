import assert from "node:assert/strict";
import { COMMANDS } from "../../lib/cli/args.ts";
import { childEnvironment } from "../../lib/cli/exec.ts";
import { type Flag, variableOf } from "../../lib/cli/flags.ts";
import { say } from "../support/command.ts";
import { temporaryFolder } from "../support/process.ts";

const PAGE = await Deno.readTextFile(
  new URL("../../docs/cli.md", import.meta.url),
);

/** The section under a heading of the second level. */
function section(heading: string): string {
  const [, found] = PAGE.split(`\n## ${heading}\n`);
  assert.ok(found !== undefined, `docs/cli.md has no section ${heading}`);
  return found.split("\n## ")[0] ?? "";
}

/** The cells of the rows whose first cell is code, headings left out. */
function rows(text: string, heading: string): string[][] {
  const [, table = ""] = text.split(
    new RegExp(`^\\| ${heading} .*\n.*\n`, "m"),
  );
  return (table.split("\n\n")[0] ?? "").split("\n").filter(Boolean).map((row) =>
    row.split("|").slice(1, -1).map((cell) => cell.trim())
  );
}

/** The blocks of code in `text` that are fenced as `language`. */
function blocks(text: string, language: string): string[] {
  const fences = text.matchAll(/^```(\w*)\n([^]*?)^```$/gm);
  return [...fences].filter(([, name]) => name === language)
    .map(([, , block = ""]) => block);
}

/** How the page writes a flag. */
function optionCell(name: string, { short, value }: Flag): string {
  const long = `\`--${name}${value === undefined ? "" : ` ${value}`}\``;
  return short === undefined ? long : `\`-${short}\`, ${long}`;
}

for (const [name, { flags }] of Object.entries(COMMANDS)) {
  Deno.test(`docs/cli.md tells every option of ${name}, its variable and its default`, () => {
    const told = rows(section(name), "option");
    const expected = Object.entries(flags).map(([flag, facts]) => [
      optionCell(flag, facts),
      `\`${variableOf(flag)}\``,
    ]);
    const order = (cells: string[][]) =>
      cells.map(([option = "", variable = ""]) => `${option} ${variable}`)
        .toSorted();
    assert.deepEqual(order(told), order(expected));
    for (const [flag, facts] of Object.entries(flags)) {
      const cell = optionCell(flag, facts);
      const [, , preset] = told.find(([option]) => option === cell) ?? [];
      if (facts.default !== undefined) {
        assert.equal(preset, `\`${facts.default}\``, flag);
      }
      if (facts.kind === "switch") assert.equal(preset, "off", flag);
    }
  });
}

Deno.test("docs/cli.md lists every command", () => {
  const [list = ""] = blocks(PAGE, "");
  const named = [...list.matchAll(/^mockllm ([a-z]+)/gm)].map(([, name]) =>
    name
  );
  assert.deepEqual(named, [...Object.keys(COMMANDS), "help"]);
});

Deno.test("docs/cli.md tells the variables that exec sets", () => {
  const url = "http://127.0.0.1:PORT";
  const told = rows(section("exec"), "variable").map((
    [variable, value = ""],
  ) => [variable, value.startsWith("unset") ? "unset" : value]);
  const numbered = childEnvironment({}, "http://127.0.0.1:7");
  const expected = Object.entries(numbered).map(([variable, value]) => [
    `\`${variable}\``,
    value === undefined
      ? "unset"
      : `\`${value.replace("http://127.0.0.1:7", url)}\``,
  ]);
  assert.deepEqual(told.toSorted(), expected.toSorted());
});

Deno.test("docs/cli.md explains as explain does", async () => {
  await using folder = await temporaryFolder();
  const text = section("explain");
  const [rules = ""] = blocks(text, "yaml");
  const [request = ""] = blocks(text, "json");
  await Deno.writeTextFile(`${folder.path}/rules.yml`, rules);
  await Deno.writeTextFile(`${folder.path}/request.json`, request);
  await assertTold(text, folder.path, ["explain", "rules.yml", "request.json"]);
});

Deno.test("docs/cli.md tells how patterns are read as validate does", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(
    `${folder.path}/rules.yml`,
    `rules:
  - name: order
    when: { prompt: '/order #(?<id>\\d+)/i', model: "gpt-*" }
    reply: Shipped.
  - name: path
    when: { prompt: /usr/bin/g }
    reply: A program.
`,
  );
  const command = ["validate", "--verbose", "rules.yml"];
  await assertTold(section("validate"), folder.path, command);
});

/** A block that begins with a command shows what that command says of files in `folder`. */
async function assertTold(
  text: string,
  folder: string,
  command: readonly string[],
): Promise<void> {
  const line = `$ mockllm ${command.join(" ")}\n`;
  const shown = blocks(text, "").find((block) => block.startsWith(line));
  const inFolder = command.map((word) =>
    /\.\w+$/.test(word) ? `${folder}/${word}` : word
  );
  const { out } = await say(...inFolder);
  assert.ok(shown !== undefined, `docs/cli.md does not show ${line}`);
  const said = line + out.replaceAll(`${folder}/`, "");
  assert.equal(withoutFrames(shown), withoutFrames(said));
}

/** What frames look like is the dialect's affair, and long. */
function withoutFrames(text: string): string {
  return text.replace(/( deltas? ).*$/gm, "$1").replace(/\d+ char/, "char");
}
