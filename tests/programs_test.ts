// Programs of this repository, as text: what only shows when somebody runs them.

import assert from "node:assert/strict";
import ts from "typescript";

const ROOT = new URL("..", import.meta.url);
const PROGRAMS = [
  "main.ts",
  ...["scripts", "bench", "tests/soak", "tests/fuzz"].flatMap((folder) =>
    [...Deno.readDirSync(new URL(folder, ROOT))].map(({ name }) =>
      `${folder}/${name}`
    )
  ),
].filter((name) => name.endsWith(".ts"));

Deno.test("no program begins before all that it is made of is there", () => {
  const all = PROGRAMS.map((name) => ({ name, late: lateOf(textOf(name)) }));
  assert.deepEqual(all.filter(({ late }) => late.length > 0), []);
  const begin = PROGRAMS.filter((name) =>
    beginsAt(sourceOf(textOf(name))) >= 0
  );
  assert.ok(begin.includes("scripts/bundle.ts"), "the judge sees beginnings");
});

Deno.test("the judge of beginnings sees what comes too late", () => {
  const begins = "if (import.meta.main) await run();";
  const run = "async function run() { console.log(A, new B(), c); }";
  const parts = "const A = 1; class B {} let c = 2;";
  assert.deepEqual(lateOf(`${begins} ${run} ${parts}`), ["A", "B", "c"]);
  assert.deepEqual(lateOf(`${parts} ${begins} ${run}`), []);
});

function textOf(name: string): string {
  return Deno.readTextFileSync(new URL(name, ROOT));
}

function sourceOf(text: string): readonly ts.Statement[] {
  const latest = ts.ScriptTarget.ESNext;
  return ts.createSourceFile("program.ts", text, latest).statements.slice();
}

/** Names that are not there yet when the program begins, since it stops to wait before. */
function lateOf(text: string): string[] {
  const statements = sourceOf(text);
  const begins = beginsAt(statements);
  return begins < 0 ? [] : statements.slice(begins).flatMap(namesOf);
}

/** The first statement that does something, rather than say what there is. */
function beginsAt(statements: readonly ts.Statement[]): number {
  return statements.findIndex((statement) =>
    ts.isIfStatement(statement) || ts.isExpressionStatement(statement)
  );
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isClassDeclaration(statement)) return [statement.name?.text ?? ""];
  return ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : []
    )
    : [];
}
