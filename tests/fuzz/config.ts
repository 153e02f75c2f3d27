/**
 * Mutated configuration files, and what holds for every verdict on them.
 *
 * @module
 */

import { readConfig } from "../../lib/config/compile.ts";
import type { Random } from "../../lib/core/random.ts";
import { type Complaint, type ConfigCase, utf8 } from "./case.ts";
import { chance, mutateBytes, pick, spliced } from "./mutate.ts";
import { ENGINE_TEXT } from "./property.ts";

/** Longest a verdict may take; a case of the fuzzer is a few KiB. */
export const VERDICT_MS_MAX = 1_000;

const ROOT = new URL("../../", import.meta.url);
const BAD = new URL("tests/config/bad/", ROOT);

const EXTRAS = [
  "responses:\n  __proto__: a\n  constructor: b\n  toString: c\n",
  "responses: &a\n  x: y\nsettings:\n  <<: *a\n",
  "? [a, b]\n: c\nresponses: {x: y}\n",
  "responses:\r\n\tx: |2\r\n   a\r\n--- \n...\n%YAML 1.1\n",
  '\ufeffresponses: {"a": \'b\', "\\ud800": "\\x00"}\n',
  "models: [a, *b, &b c, !!js/function x, !<tag:yaml.org,2002:int> 1]\n",
];

const FRAGMENTS: readonly string[] = [
  "\n__proto__: {polluted: true}\n",
  "<<: *a\n",
  "&a ",
  "*a",
  "!!binary ",
  "!!set {a}\n",
  "|+3\n",
  ">-\n",
  "\t",
  "\r",
  "- ",
  "? ",
  ": ",
  "#",
  "---\n",
  "...\n",
  "%TAG ! x:\n",
  "'",
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  "\u2028",
  "\ufeff",
  "\0",
  "\ud83d",
  "constructor:\n  prototype: {polluted: 1}\n",
  "settings:\n",
  "lag_factor: -.inf\n",
  "seed: .nan\n",
  "max_body_bytes: 1e99\n",
  "0x1F",
  "0o17",
  "2001-01-01",
  "~",
  "yes",
  "\\",
  "${HOME}",
  "[".repeat(200),
  "{a: ".repeat(100),
  "&x [".repeat(40),
  "? ".repeat(200),
  "- ".repeat(200),
  "a: &a [*a]\n",
  "x".repeat(3_000),
];

const texts = [
  "responses.example.yml",
  ...[...Deno.readDirSync(BAD)].map(({ name }) => `tests/config/bad/${name}`)
    .filter((name) => name.endsWith(".yml")).sort(),
].map((name) => Deno.readTextFileSync(new URL(name, ROOT))).filter((text) =>
  text.length < 20_000
);
const CORPUS = [...texts, ...EXTRAS].map(utf8);

/** One mutated configuration file. */
export function mutatedConfig(random: Random): ConfigCase {
  let bytes = pick(random, CORPUS);
  for (let left = random.below(4); left > 0; left--) {
    bytes = spliced(
      bytes,
      random.below(bytes.length + 1),
      random.below(3),
      utf8(pick(random, FRAGMENTS)),
    );
  }
  if (chance(random, 0.1)) {
    bytes = spliced(bytes, bytes.length, 0, pick(random, CORPUS));
  }
  const accident = bytes.length > 0 && chance(random, 0.6);
  return {
    kind: "config",
    bytes: accident ? mutateBytes(bytes, random) : bytes,
  };
}

/** Reads a configuration: `readConfig`, or a canary. */
export type ReadConfig = typeof readConfig;

/** What is wrong with the verdict on `one`. */
export async function complaintAboutConfig(
  { bytes }: ConfigCase,
  read: ReadConfig = readConfig,
): Promise<Complaint | undefined> {
  const text = new TextDecoder().decode(bytes);
  const natives = nativeKeys();
  const beganMs = performance.now();
  try {
    const complaint = aboutVerdict(await read(text, "fuzz.yml"), text);
    const tookMs = performance.now() - beganMs;
    if (nativeKeys() !== natives) {
      return { kind: "pollution", message: cleanPrototypes() };
    }
    if (tookMs > VERDICT_MS_MAX) {
      return {
        kind: "slow",
        message: `A verdict took ${Math.round(tookMs)} ms`,
      };
    }
    return complaint;
  } catch (error) {
    return {
      kind: "thrown",
      message: error instanceof Error
        ? error.stack ?? error.message
        : String(error),
    };
  }
}

function aboutVerdict(
  { config, problems }: Awaited<ReturnType<ReadConfig>>,
  text: string,
): Complaint | undefined {
  const refused = problems.some(({ severity }) => severity === "error");
  if (refused === (config !== undefined)) {
    return {
      kind: "verdict",
      message: refused
        ? "A configuration in spite of errors"
        : "Neither a configuration nor an error",
    };
  }
  const lines = text.split(/\r\n|\r|\n/).length;
  for (const { message, place } of problems) {
    if (message.trim() === "") {
      return { kind: "no message", message: "A problem without a message" };
    }
    if (ENGINE_TEXT.test(message)) return { kind: "engine text", message };
    const inside = place.line >= 1 && place.line <= lines && place.column >= 1;
    if (!inside) {
      return {
        kind: "place",
        message:
          `${message}: at ${place.line}:${place.column} of ${lines} lines`,
      };
    }
  }
  return undefined;
}

const NATIVES = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Map.prototype,
] as const;

function nativeKeys(): number {
  return NATIVES.reduce<number>(
    (sum, each) => sum + Reflect.ownKeys(each).length,
    0,
  );
}

const ORIGINAL = NATIVES.map((each) => new Set(Reflect.ownKeys(each)));

/** Takes away what was added, and says what it was. */
function cleanPrototypes(): string {
  const added = NATIVES.flatMap((each, index) =>
    Reflect.ownKeys(each).filter((key) => !ORIGINAL[index]?.has(key)).map(
      (key) => {
        Reflect.deleteProperty(each, key);
        return String(key);
      },
    )
  );
  return `Prototypes got ${added.join(", ")}`;
}
