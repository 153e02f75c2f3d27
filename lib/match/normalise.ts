/**
 * When two texts count as the same.
 *
 * @module
 */

/** Folds case and white space, so that texts that read alike are equal. */
export function normalise(text: string): string {
  // One letter that is written in another way where a word ends, which folding would keep apart.
  return text.trim().replace(/\s+/gu, " ").toLowerCase().replaceAll("ς", "σ");
}
