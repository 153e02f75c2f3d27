/**
 * What came of a file as lines of text, so that it can cross from the process that reads to the
 * one that serves. Each line is little work to take in: however large the file, serving never
 * waits for more than one of them.
 *
 * @module
 */

import type { Problem } from "../core/problem.ts";
import type { Answer, Config } from "../match/rule.ts";
import type { Verdict } from "./compile.ts";

/** About how long a line is, in UTF-16 code units; one response is never split. */
const LINE_CHARS = 16 * 1024;

/** All but the responses, which follow. */
interface Head {
  readonly file: string;
  readonly config?: Omit<Config, "exact" | "normalised">;
  readonly problems: readonly Problem[];
  readonly more: number;
}

/**
 * Prompt, answer, and where after the file's name it stands; then the prompt normalised, unless
 * an earlier one is the same. 1: it is normal as it stands.
 */
type Row = readonly [string, string, string, (string | 1)?];

const END = "[]";

/** The lines of a verdict. */
export function* pack(
  { config, problems, more }: Verdict,
): Generator<string> {
  if (config === undefined) {
    yield JSON.stringify({ file: "", problems, more });
  } else {
    const { exact: _exact, normalised: _normalised, ...rest } = config;
    const file = config.source;
    yield JSON.stringify({ file, config: rest, problems, more });
    yield* packRows(config);
  }
  yield END;
}

function* packRows(config: Config): Generator<string> {
  const foldedOf = new Map<Answer, string>();
  for (const [folded, answer] of config.normalised) {
    foldedOf.set(answer, folded);
  }
  let rows: string[] = [];
  let chars = 0;
  for (const [prompt, answer] of config.exact) {
    const place = answer.place.slice(config.source.length);
    const folded = foldedOf.get(answer);
    const row: Row = [prompt, answer.text, place];
    const text = JSON.stringify(
      folded === undefined ? row : [...row, folded === prompt ? 1 : folded],
    );
    rows.push(text);
    chars += text.length;
    if (chars < LINE_CHARS) continue;
    yield `[${rows.join()}]`;
    rows = [];
    chars = 0;
  }
  if (rows.length > 0) yield `[${rows.join()}]`;
}

/** Takes the lines of {@linkcode pack} in again. */
export class Unpacking {
  #head: Head | undefined;
  #whole = false;
  readonly #exact = new Map<string, Answer>();
  readonly #normalised = new Map<string, Answer>();

  /** The verdict, once its last line was taken. */
  get verdict(): Verdict | undefined {
    if (!this.#whole || this.#head === undefined) return undefined;
    const { config, problems, more } = this.#head;
    const maps = { exact: this.#exact, normalised: this.#normalised };
    return { config: config && { ...config, ...maps }, problems, more };
  }

  /** Takes the next line. */
  take(line: string): void {
    if (line === END) this.#whole = true;
    else if (this.#head === undefined) this.#head = JSON.parse(line) as Head;
    else {
      const { file } = this.#head;
      for (const row of JSON.parse(line) as Row[]) this.#enter(row, file);
    }
  }

  #enter([prompt, text, place, folded]: Row, file: string): void {
    const answer = { prompt, text, place: file + place };
    this.#exact.set(prompt, answer);
    if (folded === undefined) return;
    this.#normalised.set(folded === 1 ? prompt : folded, answer);
  }
}
