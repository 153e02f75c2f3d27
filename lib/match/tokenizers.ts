/**
 * The tokenizers there are, by name. The estimate is always there; vocabularies are large, and
 * loaded when they are first used.
 *
 * @module
 */

import { APPROX, type Tokenizer } from "../core/tokens.ts";
import type { Vocabulary } from "./byte_pairs.ts";

/** Names of all tokenizers. */
export const TOKENIZERS = ["approx", "cl100k_base", "o200k_base"] as const;

/** One of {@linkcode TOKENIZERS}. */
export type TokenizerName = typeof TOKENIZERS[number];

const loaded = new Map<TokenizerName, Tokenizer>([["approx", APPROX]]);
const loading = new Map<TokenizerName, Promise<Tokenizer>>();

/** The tokenizer of that name; a promise only where it has to be waited for. */
export function tokenizerOf(
  name: TokenizerName,
): Tokenizer | Promise<Tokenizer> {
  return loaded.get(name) ?? loadTokenizer(name);
}

/** The tokenizer of that name, once it is there. */
export function loadTokenizer(name: TokenizerName): Promise<Tokenizer> {
  const known = loading.get(name);
  if (known !== undefined) return known;
  const promise = load(name);
  loading.set(name, promise);
  promise.catch(() => loading.delete(name)); // whoever asks next tries again
  return promise;
}

async function load(name: TokenizerName): Promise<Tokenizer> {
  if (name === "approx") return APPROX;
  const [{ BytePairs }, vocabulary] = await Promise.all([
    import("./byte_pairs.ts"),
    VOCABULARIES[name](),
  ]);
  const tokenizer = new BytePairs(name, vocabulary);
  loaded.set(name, tokenizer);
  return tokenizer;
}

const VOCABULARIES: Readonly<
  Record<Exclude<TokenizerName, "approx">, () => Promise<Vocabulary>>
> = {
  async cl100k_base() {
    const [{ default: tokens }, { CL100K_TOKEN_SPLIT_REGEX: pattern }] =
      await Promise.all([
        import("gpt-tokenizer/bpeRanks/cl100k_base"),
        import("gpt-tokenizer/encodingParams/constants"),
      ]);
    return { tokens, pattern };
  },
  async o200k_base() {
    const [{ default: tokens }, { O200K_TOKEN_SPLIT_REGEX: pattern }] =
      await Promise.all([
        import("gpt-tokenizer/bpeRanks/o200k_base"),
        import("gpt-tokenizer/encodingParams/constants"),
      ]);
    return { tokens, pattern };
  },
};
