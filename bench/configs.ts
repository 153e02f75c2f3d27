/**
 * The configurations that are measured: the small one of `responses.yml`, and large ones made of
 * it, in a folder that is thrown away.
 *
 * @module
 */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the server is given: `plain`, 200 rules of all kinds before it, or 10,000 responses beside it. */
export type ConfigName = "plain" | "rules" | "exact";

const PLAIN = new URL("responses.yml", import.meta.url).pathname;
const RULES = 200;
const RESPONSES = 10_000;

/** The files of configurations, written when they are asked for. */
export class Configs {
  #folder: string | undefined;

  /** Path of the configuration `name`. */
  async path(name: ConfigName): Promise<string> {
    if (name === "plain") return PLAIN;
    this.#folder ??= await mkdtemp(join(tmpdir(), "mockllm-bench-"));
    const path = join(this.#folder, `${name}.yml`);
    const plain = await readFile(PLAIN, "utf8");
    await writeFile(path, name === "rules" ? withRules(plain) : many(plain));
    return path;
  }

  /** Throws the files away. */
  async remove(): Promise<void> {
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Rules by plain prompt, glob and expression in turn; the last of them answers, so that each is tried that has to be. */
function withRules(plain: string): string {
  const answer = /"what colour is the sky\?": (".*")/.exec(plain)?.[1];
  const rules = Array.from(
    { length: RULES - 1 },
    (_, i) => rule(PROMPTS[i % PROMPTS.length]?.(i) ?? "", `"Answer ${i}."`),
  );
  const last = rule("what * is the sky?", answer ?? `""`);
  return `rules:\n${rules.join("")}${last}${plain}`;
}

const PROMPTS: readonly ((i: number) => string)[] = [
  (i) => `what is the price of article ${i}?`,
  (i) => `*order number ${i} *`,
  (i) => `/\\bticket[ #]${i}\\b/i`,
];

function rule(prompt: string, reply: string): string {
  const when = `{ prompt: ${JSON.stringify(prompt)} }`;
  return `  - when: ${when}\n    reply: ${reply}\n`;
}

function many(plain: string): string {
  const lines = Array.from(
    { length: RESPONSES },
    (_, i) =>
      `  "what is the price of article ${i}?": "It costs ${i} cents."\n`,
  );
  return plain.replace("responses:\n", (head) => head + lines.join(""));
}
