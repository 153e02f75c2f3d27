/**
 * `mockllm validate FILE...`: are they good, what do they hold, and how were they read?
 *
 * @module
 */

import type { Given } from "./args.ts";
import { countText } from "./count.ts";
import type { Io } from "./io.ts";
import { judge, type Judged } from "./judge.ts";
import { readingsOf, readingsText } from "./patterns.ts";
import { problemsJson, renderProblems, visible } from "./render.ts";

/** Checks the files named by the operands, as one configuration; 0 when it can be used, 1 when not. */
export async function validate(
  { operands, values }: Given,
  io: Io,
): Promise<number> {
  const judged = await judge(operands);
  const verbose = values.verbose === true;
  io.out.write(
    values.json === true
      ? `${JSON.stringify(facts(judged, verbose), null, 2)}\n`
      : text(operands, judged, verbose, io.out.color),
  );
  return judged.config === undefined ? 1 : 0;
}

function facts(
  { config, problems, more, files }: Judged,
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
  names: readonly string[],
  { config, problems, more }: Judged,
  verbose: boolean,
  color: boolean,
): string {
  const complaints = renderProblems(problems, more, { color });
  if (config === undefined) return complaints;
  const good = `${names.join(", ")}: good, ${countText(countsOf(config))}\n`;
  return [
    complaints === "" ? "" : `${complaints}\n`,
    good,
    verbose
      ? readingsText(readingsOf(config)).split("\n").map(visible).join("\n")
      : "",
  ].join("");
}

function countsOf(config: Judged["config"]) {
  return {
    rules: config?.rules.length ?? 0,
    responses: config?.exact.size ?? 0,
  };
}
