/**
 * What a key may use in a minute, or what it used of that.
 *
 * @module
 */

/** Amounts; what a provider does not limit is {@linkcode Infinity}. */
export interface Quota {
  /** Requests. */
  readonly requests: number;
  /** Tokens of prompts. */
  readonly input: number;
  /** Tokens of answers. */
  readonly output: number;
  /** Tokens of both. */
  readonly tokens: number;
}
