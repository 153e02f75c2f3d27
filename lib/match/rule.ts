/**
 * What the matcher reads: a configuration with nothing left to check. `lib/config` makes it.
 *
 * All of it is data, since a configuration crosses from the process that read it to the one
 * that serves. `rulebook.ts` makes predicates of it.
 *
 * @module
 */

import type { Model } from "../core/model.ts";
import type { Cut, Pace } from "../core/plan.ts";
import type {
  Failure,
  ReasoningBlock,
  RedactedBlock,
  RefusalBlock,
  TextBlock,
  ToolCallBlock,
} from "../core/reply.ts";
import type { Context } from "./context.ts";
import type { Pattern } from "./pattern.ts";
import type { TokenizerName } from "./tokenizers.ts";

/** A checked configuration. Immutable: a reload makes a new one. */
export interface Config {
  /** Where it came from, as the user named it. */
  readonly source: string;
  /** Rules, in order; the first that matches answers. They are tried before the responses. */
  readonly rules: readonly RuleSpec[];
  /** Scripted answers by the prompt as written. */
  readonly exact: ReadonlyMap<string, Answer>;
  /** The same by {@linkcode normalise}d prompt; the first of several wins. */
  readonly normalised: ReadonlyMap<string, Answer>;
  /** What answers when nothing else does. */
  readonly fallback: Answer;
  /** What catalogs list, besides the mock's own model; each name once. */
  readonly models: readonly Model[];
  /** Keys that are accepted; absent where all are. Secrets: shown to nobody. */
  readonly keys?: readonly Pattern[];
  /** Named speeds. Read it by own properties only. */
  readonly paces: Readonly<Record<string, Pace>>;
  /** Settings, defaults filled in. */
  readonly settings: Settings;
}

/** A scripted text, and where its author wrote it. */
export interface Answer {
  /** The prompt as written; empty for the default. */
  readonly prompt: string;
  /** The text, literally. */
  readonly text: string;
  /** `responses.yml:3`. */
  readonly place: string;
}

/** `settings` of the file, defaults filled in. */
export interface Settings {
  /** Speed of scripted answers: `pace`, lag, or none. */
  readonly pace: Pace;
  /** How streamed text is cut. */
  readonly cut: Cut;
  /** How streamed text is cut where a pace is asked for: `cut` if it was written, else by tokens. */
  readonly pacedCut: Cut;
  /** Whether thoughts are told in words where the provider itself tells none. */
  readonly reasoningContent: boolean;
  /** What counts tokens, and says where they end. */
  readonly tokenizer: TokenizerName;
  /** Whether a request that nothing matches is refused with 404. */
  readonly strict: boolean;
  /** Whether names that no catalog lists are refused. */
  readonly knownModelsOnly: boolean;
  /** Seed of the process; absent when it is drawn. */
  readonly seed?: number;
  /** Whether infrastructure headers are sent too. */
  readonly fullHeaders: boolean;
  /** Largest request body. */
  readonly bodyBytesMax: number;
}

/** A rule as data. */
export interface RuleSpec {
  /** What its author calls it, or its place; names are unique within a file. */
  readonly name: string;
  /** `responses.yml:12`. */
  readonly place: string;
  /** What must hold, all of it; empty: always. */
  readonly when: readonly Condition[];
  /** What it answers, one a match. */
  readonly replies: readonly [ReplySpec, ...ReplySpec[]];
  /** What follows the last of several replies. */
  readonly onEnd: "repeat" | "loop" | "error";
  /** The state the session must be in. */
  readonly requires?: string;
  /** The state the session is in afterwards. */
  readonly sets?: string;
  /** How fast it answers. */
  readonly pace?: Pace;
}

/** One thing that must hold. Fields with several values, such as `tools`, hold if one of them matches. */
export interface Condition {
  /** What is looked at. */
  readonly field: Field;
  /** Which header, in small letters, or which JSON path of the body. */
  readonly key?: string;
  /** What it must be like. */
  readonly pattern: Pattern;
}

/** Everything a rule may look at. */
export const FIELDS = [
  "prompt",
  "system",
  "any_message",
  "model",
  "dialect",
  "stream",
  "turn",
  "tools",
  "tool_result",
  "tool_choice",
  "response_format",
  "images",
  "header",
  "body",
  "key",
  "session",
] as const;

/** One of {@linkcode FIELDS}. */
export type Field = typeof FIELDS[number];

/** One reply of a rule. */
export interface ReplySpec {
  /** `responses.yml:14`. */
  readonly place: string;
  /** What is said. */
  readonly content: Content;
  /** Why generation ended, where it is not the usual reason. */
  readonly finish?:
    | "stop"
    | "length"
    | "content-filter"
    | "pause"
    | "context-window";
  /** Token counts that are told instead of the real ones. */
  readonly usage?: UsageSpec;
}

/** Token counts as a reply's author writes them. Totals include their parts. */
export interface UsageSpec {
  /** Tokens of the prompt. */
  readonly input?: number;
  /** Of those, tokens out of a cache. */
  readonly cached?: number;
  /** Tokens of the answer. */
  readonly output?: number;
  /** Of those, thoughts. */
  readonly reasoning?: number;
}

/** What a reply says. */
export type Content =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "blocks"; readonly blocks: readonly BlockSpec[] }
  | { readonly type: "template"; readonly source: string }
  | { readonly type: "echo" }
  | { readonly type: "auto" }
  | { readonly type: "tokens"; readonly count: number; readonly length: number }
  | { readonly type: "error"; readonly failure: Failure }
  | { readonly type: "computed"; readonly compute: Compute };

/** One thing that is said, as data. Plain text alone is content of its own: most answers are that. */
export type BlockSpec =
  | Omit<TextBlock, "pieces">
  | ToolCallBlock
  | ReasoningBlock
  | RedactedBlock
  | RefusalBlock;

/** A program's own reply; never part of a file. */
export type Compute = (
  context: Context,
  captures: Readonly<Record<string, string>>,
) => Promise<ReplySpec>;

/** The state every session begins in. */
export const STATE_START = "start";

export { normalise } from "./normalise.ts";
