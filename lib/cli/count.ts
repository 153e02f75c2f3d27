/**
 * How many there are, in words.
 *
 * @module
 */

/** `3 rules, 7 responses`; what there is none of is left out, unless there is nothing at all. */
export function countText(
  { rules, responses }: { readonly rules: number; readonly responses: number },
): string {
  const parts = [
    ...(rules > 0 ? [plural(rules, "rule")] : []),
    ...(responses > 0 || rules === 0 ? [plural(responses, "response")] : []),
  ];
  return parts.join(", ");
}

/** `1 rule`, `2 rules`. */
export function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
