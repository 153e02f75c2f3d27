/**
 * `keys` → patterns.
 *
 * @module
 */

import { isFault, type Pattern, readPattern } from "../match/pattern.ts";
import type { Part } from "./check.ts";
import { entryAt } from "./complain.ts";

/** What each key accepts: itself, and any text where a `*` is. */
export function compileKeys(keys: readonly string[]): Pattern[] {
  return keys.map((text) => {
    const pattern = readPattern(text);
    return !isFault(pattern) && pattern.type === "glob"
      ? pattern
      : { type: "exact", text };
  });
}

/** Notes a list that accepts nobody. */
export function checkKeys(parts: readonly Part[]): void {
  for (const { sections, findings } of parts) {
    const keys = entryAt(sections, ["keys"])?.value;
    if (keys?.type !== "list" || keys.items.length > 0) continue;
    findings.error({
      code: "empty",
      message: "A list of keys is empty, so nobody could ask anything",
      at: keys,
      path: "keys",
      remedy: "Write at least one key in it, or remove it to accept all",
    });
  }
}
