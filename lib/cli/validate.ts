/**
 * `mockllm validate FILE...`: are they good, what do they hold, and how were they read?
 *
 * @module
 */

import type { Verdict } from "../config/compile.ts";
import type { Given } from "./args.ts";
import type { Io } from "./io.ts";
import { countText } from "./count.ts";
import { judge } from "./judge.ts";
import { readingsOf, readingsText } from "./patterns.ts";
import { problemsJson, renderProblems, visible } from "./render.ts";

/** Checks the files named by the operands, as one configuration; 0 when it can be used, 1 when not. */
export async function validate(
  { operands: files, values }: Given,
  io: Io,
): Promise<number> {
  const verdict = await judge(files);
  const verbose = values.verbose === true;
  io.out.write(
    values.json === true
      ? `${JSON.stringify(facts(files, verdict, verbose), null, 2)}\n`
      : text(files, verdict, verbose, io.out.color),
  );
  return verdict.config === undefined ? 1 : 0;
}

function facts(
  files: readonly string[],
  { config, problems, more }: Verdict,
  verbose: boolean,
): object {
  return {
    ok: config !== undefined,
    files,
    ...countsOf(config),
    ...problemsJson(problems, more),
    ...(verbose &&
      { patterns: config === undefined ? [] : readingsOf(config) }),
  };
}

function text(
  files: readonly string[],
  { config, problems, more }: Verdict,
  verbose: boolean,
  color: boolean,
): string {
  const complaints = renderProblems(problems, more, { color });
  if (config === undefined) return complaints;
  const good = `${files.join(", ")}: good, ${countText(countsOf(config))}\n`;
  return [
    complaints === "" ? "" : `${complaints}\n`,
    good,
    verbose
      ? readingsText(readingsOf(config)).split("\n").map(visible).join("\n")
      : "",
  ].join("");
}

function countsOf(config: Verdict["config"]) {
  return {
    rules: config?.rules.length ?? 0,
    responses: config?.exact.size ?? 0,
  };
}
