/**
 * `keys` → patterns.
 *
 * @module
 */

import { isFault, type Pattern, readPattern } from "../match/pattern.ts";
import type { Part } from "./check.ts";
import { entryAt, pathOf } from "./complain.ts";
import type { Findings } from "./findings.ts";
import { flagOf, isScalar, type List, numberOf, type Value } from "./value.ts";

/** What each key accepts: itself, and any text where a `*` is. Case counts in both. */
export function compileKeys(keys: readonly string[]): Pattern[] {
  return keys.map((text) => {
    const pattern = readPattern(text);
    return !isFault(pattern) && pattern.type === "glob"
      ? pattern
      : { type: "exact", text };
  });
}

/** Notes a list that accepts nobody, and keys that are no text. */
export function checkKeys(parts: readonly Part[]): void {
  for (const { sections, findings } of parts) {
    const keys = entryAt(sections, ["keys"])?.value;
    if (keys?.type !== "list") continue;
    if (keys.items.length === 0) reportEmpty(keys, findings);
    keys.items.forEach((item, at) => reportOther(item, at, findings));
  }
}

function reportEmpty(keys: List, findings: Findings): void {
  findings.error({
    code: "empty",
    message: "A list of keys is empty, so nobody could ask anything",
    at: keys,
    path: "keys",
    remedy: "Write at least one key in it, or remove it to accept all",
  });
}

/** Elsewhere numbers are texts too, but who writes one here may mean something else: how many there are. */
function reportOther(item: Value, at: number, findings: Findings): void {
  const kind = kindOf(item);
  if (kind === undefined) return;
  const path = pathOf(["keys", at]);
  findings.error({
    code: "wrong-value",
    message: `"${path}" must be an API key, which is a text, not ${kind}`,
    at: item,
    path,
    remedy: "If it is a key, put it in quotes",
  });
}

function kindOf(item: Value): string | undefined {
  if (!isScalar(item) || !item.plain) return undefined;
  if (numberOf(item) !== undefined) return "a number";
  return flagOf(item) === undefined ? undefined : "true or false";
}
