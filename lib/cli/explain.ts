/**
 * `mockllm explain FILE... REQUEST`: what would answer a request, and why; nothing is served.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import process from "node:process";
import type { Verdict } from "../config/compile.ts";
import { SystemClock } from "../core/clock.ts";
import {
  dialectNames,
  explain as explainRequest,
  type ExplainOptions,
} from "../explain.ts";
import { REDACTED } from "../journal/redact.ts";
import type { ExplainValues } from "./flags.ts";
import { explanationJson, isScripted } from "./explain_facts.ts";
import { explanationText } from "./explain_words.ts";
import type { Io } from "./io.ts";
import { judge } from "./judge.ts";
import { near, UsageError } from "./parse.ts";
import { renderProblems } from "./render.ts";

/** Seed of the process where none is chosen: an explanation is the same each time. */
const SEED = 1;

/** Explains; 0 when a rule or response would answer, 1 when none does or something is wrong. */
export async function explain(
  operands: readonly string[],
  values: ExplainValues,
  io: Io,
): Promise<number> {
  const headers = headersOf(values); // what cannot be is said before anything else
  checkDialect(values.dialect);
  const text = await textOf(operands.at(-1) ?? "");
  const verdict = await judge(operands.slice(0, -1));
  io.err.write(complaints(verdict, io));
  const { config } = verdict;
  if (config === undefined) return 1;
  const clock = new SystemClock();
  const explanation = await explainRequest({
    config,
    ...requestOf(text, headers),
    ...(values.dialect !== undefined && { dialect: values.dialect }),
    state: values.state,
    seed: values.seed ?? config.settings.seed ?? SEED,
    clock,
  });
  clock.close();
  io.out.write(
    values.json
      ? explanationJson(explanation)
      : explanationText(explanation, config),
  );
  return isScripted(explanation) ? 0 : 1;
}

function complaints({ problems, more }: Verdict, io: Io): string {
  return renderProblems(problems, more, { color: io.err.color });
}

/** The text of a file, or of standard input for `-`. Throws {@linkcode UsageError}. */
async function textOf(file: string): Promise<string> {
  if (file === "-") return await standardInput();
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    throw new UsageError(
      code === "ENOENT"
        ? `There is no request ${file}. The last operand is a request's JSON body, - takes it from standard input`
        : `The request ${file} cannot be read (${code})`,
    );
  }
}

/** The request that a text is: a body, or an entry of the journal that holds one. */
function requestOf(
  text: string,
  given: Headers,
): Pick<ExplainOptions, "body" | "headers" | "dialect"> {
  const entry = parse(text);
  const { body, dialect, session, headers } = entry ?? {};
  if (typeof body !== "object" || typeof dialect !== "string") {
    return { body: text, headers: given };
  }
  const all = new Headers(given);
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value !== REDACTED && !all.has(name)) all.set(name, value);
  }
  if (session !== undefined && !all.has(SESSION)) all.set(SESSION, session);
  return { body: JSON.stringify(body), headers: all, dialect };
}

const SESSION = "x-mock-session";

/** A request as `GET /_mock/requests/{id}` tells it. */
interface JournalEntry {
  readonly body?: unknown;
  readonly dialect?: string;
  readonly session?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function parse(text: string): JournalEntry | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined; // refused as the provider would
  }
}

async function standardInput(): Promise<string> {
  const parts: string[] = [];
  process.stdin.setEncoding("utf8");
  for await (const part of process.stdin) parts.push(String(part));
  return parts.join("");
}

function checkDialect(name: string | undefined): void {
  const known = dialectNames();
  if (name === undefined || known.includes(name)) return;
  throw new UsageError(
    `--dialect "${name}" is none that mockllm speaks. ${
      near(name, known, `Dialects: ${known.join(", ")}`)
    }`,
  );
}

function headersOf({ header, session }: ExplainValues): Headers {
  const headers = new Headers();
  for (const line of header) addHeader(line, headers);
  if (session !== undefined) addHeader(`x-mock-session: ${session}`, headers);
  return headers;
}

function addHeader(line: string, headers: Headers): void {
  const at = line.indexOf(":");
  const name = line.slice(0, Math.max(0, at)).trim();
  try {
    headers.append(name, line.slice(at + 1).trim());
  } catch {
    throw new UsageError(
      `--header takes a name and a value such as 'x-team: search', not "${line}"`,
    );
  }
}
