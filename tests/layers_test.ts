/**
 * The layers of ARCHITECTURE.md, read off the imports; and the words that only one place may say.
 */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

/** What each part may import, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  wire: ["core"],
  runtime: ["core"],
  site: ["core"],
  metrics: ["core"],
  play: ["core"],
  match: ["wire", "core"],
  journal: ["match", "wire", "core"],
  admin: ["journal", "config", "match", "wire", "core"],
  dialects: ["wire", "core"],
  compose: ["dialects", "wire", "core"],
  config: ["dialects", "match", "core"],
  "asked.ts": ["compose", "journal", "match", "dialects", "wire", "core"],
  respond: [
    "asked.ts",
    "admin",
    "compose",
    "journal",
    "match",
    "dialects",
    "wire",
    "core",
  ],
  "responder.ts": [
    "respond",
    "admin",
    "compose",
    "dialects",
    "site",
    "wire",
    "core",
  ],
  "table.ts": ["admin", "journal", "dialects", "match", "site", "wire", "core"],
  "app.ts": [
    "responder.ts",
    "table.ts",
    "play",
    "dialects",
    "match",
    "admin",
    "journal",
    "site",
    "wire",
    "core",
  ],
  "clients.ts": ["dialects"],
  "explain.ts": ["responder.ts", "dialects", "match", "wire", "core"],
  "mock.ts": ["mock"],
  mock: [
    "app.ts",
    "clients.ts",
    "journal",
    "config",
    "runtime",
    "play",
    "match",
    "wire",
    "core",
  ],
  cli: [
    "app.ts",
    "clients.ts",
    "explain.ts",
    "journal",
    "config",
    "runtime",
    "metrics",
    "match",
    "core",
  ],
};

/** Words that belong to one place, and what to say instead. */
const WORDS: readonly { word: RegExp; only: RegExp; instead: string }[] = [
  { word: /\b(Deno|Bun)\./, only: /^runtime\//, instead: "the Runtime" },
  {
    word: /\b(Date\.now|performance\.now|setTimeout|setInterval)\(/,
    only: /^core\/clock\.ts$/,
    instead: "the Clock",
  },
  { word: /new Date\(\)/, only: /^$/, instead: "the Clock" },
  {
    word: /\bgetRandomValues|randomUUID\b/,
    only: /^core\/random\.ts$/,
    instead: "Random",
  },
  { word: /Math\.random/, only: /^$/, instead: "Random" },
  {
    word: /\bconsole\.|process\.(stdout|stderr)/,
    only: /^cli\//,
    instead: "what the CLI passes in",
  },
  {
    word: /"node:fs(\/promises)?"/,
    only: /^(config|runtime|cli)\//,
    instead: "lib/config",
  },
  {
    word: /(await|return|=)\s*fetch\(/,
    only: /^$/,
    instead: "nothing: mockllm calls nobody",
  },
  {
    word: /["'`](data|event): /,
    only: /^wire\/framing\.ts$/,
    instead: "lib/wire/framing.ts",
  },
  {
    word: /request\.signal/,
    only: /^$/,
    instead: "the body stream's cancel()",
  },
];

const lib = new URL("../lib/", import.meta.url);
const files = readdirSync(lib, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts")).sort();

function source(file: string): string {
  return readFileSync(new URL(file, lib), "utf8");
}

/** The source without comments: prose may say anything. */
function code(file: string): string {
  return source(file).replace(/\/\*[\s\S]*?\*\//g, "").replace(
    /^\s*\/\/.*$/gm,
    "",
  );
}

function partOf(file: string): string {
  return file.split("/")[0] ?? file;
}

const STATIC = /(?:from|import)\s*"(\.[^"]+)"/g;
/** Commands and pages are loaded when they are wanted. */
const STATIC_OR_LAZY = /(?:from|import\(?)\s*"(\.[^"]+)"/g;

/** The files of `lib` that `file` imports. */
function imports(file: string, how: RegExp = STATIC_OR_LAZY): string[] {
  const specifiers = code(file).matchAll(how);
  return [...specifiers].map(([, specifier = ""]) =>
    new URL(specifier, new URL(file, lib)).pathname
  )
    .filter((path) => path.startsWith(lib.pathname))
    .map((path) => path.slice(lib.pathname.length));
}

Deno.test("no file imports from a layer above its own", () => {
  const upward = files.flatMap((file) =>
    imports(file).filter((target) => {
      const [from, to] = [partOf(file), partOf(target)];
      assert.ok(
        from in MAY_IMPORT,
        `${from} has no layer: say in ARCHITECTURE.md what it may import`,
      );
      return from !== to && !MAY_IMPORT[from]?.includes(to);
    }).map((target) => `${file} imports ${target}`)
  );
  assert.deepEqual(upward, []);
});

Deno.test("the layer test sees the imports there are", () => {
  assert.ok(imports("app.ts").includes("play/play.ts"));
  assert.ok(imports("core/clock.ts").includes("core/deadlines.ts"));
});

for (const { word, only, instead } of WORDS) {
  Deno.test(`only ${only.source === "^$" ? "nobody" : only.source} says ${word.source}`, () => {
    const culprits = files.filter((file) =>
      !only.test(file) && word.test(code(file))
    );
    assert.deepEqual(culprits, [], `use ${instead}`);
  });
}

Deno.test("no import cycles, but by what is loaded lazily", () => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    assert.ok(!path.includes(file), `cycle: ${[...path, file].join(" → ")}`);
    if (done.has(file) || !files.includes(file)) return;
    for (const target of imports(file, STATIC)) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
});

Deno.test("every file begins by saying what it is", () => {
  const silent = files.filter((file) =>
    !/^\/\*\*[\s\S]*?@module/.test(source(file))
  );
  assert.deepEqual(silent, []);
});

Deno.test("ARCHITECTURE.md names every file of lib, in its folder", () => {
  const url = new URL("../ARCHITECTURE.md", import.meta.url);
  const tree = readFileSync(url, "utf8").split("## The tree")[1] ?? "";
  const named = new Set<string>();
  let folder = "";
  for (const line of tree.split("\n")) {
    folder = /^lib\/(\w*\/?)/.exec(line)?.[1] ?? folder;
    for (const [name] of line.matchAll(/\b\w+\.ts\b/g)) {
      named.add(name).add(folder + name);
    }
  }
  const missing = files.filter((file) => !named.has(file));
  assert.deepEqual(missing, []);
});
