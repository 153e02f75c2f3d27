/**
 * Builds `dist/mockllm.js`, all of mockllm in one file of JavaScript for Bun, Deno, and Node 22
 * or later, and `dist/mockllm.d.ts`, its types. Imported it is the library; run, by Bun or Deno,
 * the command line.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { deflateRawSync } from "node:zlib";
import { fileURLToPath } from "node:url";

const BUN_VERSION = "1.4.5";

/** The project. */
export const ROOT: string = dirname(dirname(fileURLToPath(import.meta.url)));

/** The bundle. */
export const BUNDLE: string = join(ROOT, "dist", "mockllm.js");

const TYPES = join(ROOT, "dist", "mockllm.d.ts");
const ENTRY = join(ROOT, "main.ts");

/** Bun, when it bundles, says by itself whether a module is the main one: always. */
const MAIN = "import.meta.main";
const MAIN_HIDDEN = 'import.meta[["main"][0]]';

/** Writes the bundle and its types. */
export async function bundle(): Promise<void> {
  const { typesOf } = await import("./types.ts"); // TypeScript is large
  mkdirSync(dirname(BUNDLE), { recursive: true });
  // Of its own name until it is whole: others may be running or building the same.
  const raw = `${BUNDLE}-${process.pid}-raw.js`;
  const lowered = `${BUNDLE}-${process.pid}.js`;
  try {
    call([process.execPath, "bundle", "--quiet", "--output", raw, ENTRY]);
    const packed = await packVocabularies(readFileSync(raw, "utf8"));
    writeFileSync(raw, packed.replaceAll(MAIN, MAIN_HIDDEN));
    // Deno leaves `using` as it is, which Node 22 cannot read.
    const how = ["--target=node", "--format=esm", "--outfile", lowered];
    call([...bun(), "build", ...how, raw]);
    rewrite(lowered, (text) => ascii(text.replaceAll(MAIN_HIDDEN, MAIN)));
    writeFileSync(TYPES, `// mockllm's types\n\n${typesOf(ENTRY)}`);
    renameSync(lowered, BUNDLE);
  } finally {
    for (const file of [raw, lowered]) rmSync(file, { force: true });
  }
}

function rewrite(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, "utf8")));
}

/**
 * Makes compressed text of the vocabularies. As the arrays that they are in source they take four
 * times the space, and JavaScriptCore three times as long to read them.
 */
async function packVocabularies(text: string): Promise<string> {
  let packed = text;
  for (const name of ["cl100k_base", "o200k_base"] as const) {
    const { default: tokens } = await VOCABULARIES[name]();
    const bytes = deflateRawSync(JSON.stringify(tokens), { level: 9 });
    const module = new RegExp(
      `(/bpeRanks/${name}\\.js"\\(\\) \\{\\n)[^]*?^\\s*(\\w+) = \\w+\\.concat\\(\\w+\\);$[^]*?(^ {2}\\}$)`,
      "m",
    );
    if (!module.test(packed)) throw new Error(`Cannot find ${name} to pack it`);
    packed = packed.replace(
      module,
      (_all, start: string, variable: string, end: string) =>
        `${start}    ${variable} = JSON.parse(inflateVocabulary(Buffer.from("${
          bytes.toString("base64")
        }", "base64")).toString());\n${end}`,
    );
  }
  return `import { inflateRawSync as inflateVocabulary } from "node:zlib";
import { Buffer } from "node:buffer";
${packed}`;
}

const VOCABULARIES = {
  cl100k_base: () => import("gpt-tokenizer/bpeRanks/cl100k_base"),
  o200k_base: () => import("gpt-tokenizer/bpeRanks/o200k_base"),
};

/** Escapes what is not ASCII, in texts and expressions alike: engines read such a file faster. */
function ascii(text: string): string {
  return text.replace(
    /(\\*)([^\0-\x7f])/g,
    (_all, slashes: string, unit: string) => {
      if (slashes.length % 2 === 1) throw new Error(`Cannot escape \\${unit}`);
      const code = unit.charCodeAt(0).toString(16).padStart(4, "0");
      return `${slashes}\\u${code}`;
    },
  );
}

/** Bun of the very version pinned: the one at hand, else npm's. */
export function bun(): string[] {
  const { status, stdout } = spawnSync("bun", ["--version"], {
    encoding: "utf8",
  });
  return status === 0 && stdout.trim() === BUN_VERSION
    ? ["bun"]
    : ["npx", "--yes", `bun@${BUN_VERSION}`];
}

/** Runs a command, or says why it failed and exits. */
export function call([command = "", ...args]: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status === 0) return;
  console.error(
    `Cannot build: ${[command, ...args].join(" ")}\n${stdout ?? ""}${
      stderr ?? ""
    }${error ?? ""}`,
  );
  process.exit(1);
}

/** Says that a file is there, and how large. */
export function tell(file: string): void {
  const megabytes = (statSync(file).size / 1e6).toFixed(2);
  console.log(`${file.slice(ROOT.length + 1)}: ${megabytes} MB`);
}

if (import.meta.main) {
  await bundle();
  for (const file of [BUNDLE, TYPES]) tell(file);
}
