/**
 * A model that clients may ask for: its name, and what is told of it.
 *
 * @module
 */

/** One model. */
export interface Model {
  /** Its name. */
  readonly id: string;
  /** The name under which it answers, where that is another one. */
  readonly snapshot?: string;
  /** Most tokens that a prompt may have, the answer's included where the provider counts so. */
  readonly contextWindow?: number;
  /** Most tokens that an answer may be asked to have. */
  readonly maxOutputTokens?: number;
  /** When it came out, in seconds since the epoch. */
  readonly createdS?: number;
  /** Whose it is. */
  readonly ownedBy?: string;
  /** What people call it. */
  readonly displayName?: string;
  /** What it is, in a sentence. */
  readonly description?: string;
}
