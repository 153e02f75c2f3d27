/**
 * What cannot be used where several processes serve one port.
 *
 * @module
 */

import type { Problem } from "../core/problem.ts";
import { needsOneProcess } from "../match/alone.ts";
import type { Config } from "../match/rule.ts";

/** The first rule that would have to count what other processes answer; each knows only its own requests. */
export function refuseCounting({ rules }: Config): Problem | undefined {
  const found = needsOneProcess(rules);
  if (found === undefined) return undefined;
  const { rule: { name, place }, why } = found;
  const [, file = place, line = "1"] = /^(.*):(\d+)$/.exec(place) ?? [];
  const which = name === place ? "This rule" : `The rule "${name}"`;
  return {
    severity: "error",
    code: "needs-one-process",
    message: `${which} has ${why}, which several processes would count apart`,
    place: { file, line: Number(line), column: 1, path: "" },
    line: "",
    length: 0,
    remedy: "Start mockllm with --workers 1, or take the rule out",
  };
}
