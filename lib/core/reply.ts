/**
 * The answer before time or bytes enter: what is said, or how it is refused.
 *
 * @module
 */

/** A whole answer. */
export interface Reply {
  /** Tells it from a {@linkcode Failure}. */
  readonly type: "reply";
  /** The model name the client is told. */
  readonly model: string;
  /** Alternative answers; nearly always one. */
  readonly choices: readonly [Choice, ...Choice[]];
  /** Whether the same `choices` are given again and again: what they are worded to is worth remembering. */
  readonly lasting?: boolean;
  /** Whether thoughts are told in words where the provider itself tells none. */
  readonly thoughtsTold?: boolean;
  /** Token counts, as the client will be told them. */
  readonly usage: Usage;
}

/** One alternative of a {@linkcode Reply}. */
export interface Choice {
  /** The content, in order. */
  readonly blocks: readonly Block[];
  /** Why generation ended. */
  readonly finish: Finish;
}

/** Why generation ended, provider-neutral. */
export type Finish =
  | { readonly type: "stop" }
  | { readonly type: "stop-string"; readonly matched: string }
  | { readonly type: "length" }
  | { readonly type: "tool-calls" }
  | { readonly type: "content-filter" }
  | { readonly type: "refusal" }
  | { readonly type: "pause" }
  | { readonly type: "context-window" };

/** One content block of a {@linkcode Choice}; a dialect leaves out those it has no words for. */
export type Block =
  | TextBlock
  | ToolCallBlock
  | ReasoningBlock
  | RedactedBlock
  | RefusalBlock;

/** What is said. */
export interface TextBlock {
  /** Tells the kinds of block apart. */
  readonly type: "text";
  /** The whole content; made only when it is asked for, where there are {@linkcode TextBlock.pieces}. */
  readonly text: string;
  /** The same content in the chunks that a stream tells it in, however others are cut. */
  readonly pieces?: Pieces;
  /** What it is taken from; at least one, where there are any. */
  readonly citations?: readonly Citation[];
}

/** Where what is said was found. */
export type Citation = DocumentCitation | WebCitation | SearchCitation;

/** A place in a document of the request. Places count from 0, pages from 1, and the end is the first beyond. */
export interface DocumentCitation {
  /** Tells the kinds of citation apart. */
  readonly type: "document";
  /** The words that are cited. */
  readonly quoted: string;
  /** Which document of the request. */
  readonly document: number;
  /** What it is called. */
  readonly title: string | null;
  /** The file it came from. */
  readonly fileId: string | null;
  /** What its places are counted in. */
  readonly unit: "char" | "page" | "block";
  /** The first place cited. */
  readonly start: number;
  /** The first beyond. */
  readonly end: number;
}

/** A page that was found on the web. */
export interface WebCitation {
  /** Tells the kinds of citation apart. */
  readonly type: "web";
  /** The words that are cited. */
  readonly quoted: string;
  /** Where the page is. */
  readonly url: string;
  /** What it is called. */
  readonly title: string | null;
  /** What the provider knows the place by; drawn unless given. */
  readonly index?: string;
}

/** Blocks of a search result of the request; the end is the first beyond. */
export interface SearchCitation {
  /** Tells the kinds of citation apart. */
  readonly type: "search";
  /** The words that are cited. */
  readonly quoted: string;
  /** Where the result came from, in the client's words. */
  readonly source: string;
  /** What it is called. */
  readonly title: string | null;
  /** Which search result of the request. */
  readonly result: number;
  /** The first block cited. */
  readonly start: number;
  /** The first beyond. */
  readonly end: number;
}

/** A tool that is called. */
export interface ToolCallBlock {
  /** Tells the kinds of block apart. */
  readonly type: "tool-call";
  /** Its name. */
  readonly name: string;
  /** Its arguments as JSON. */
  readonly text: string;
  /** Its id; drawn unless given. */
  readonly id?: string;
}

/** What was thought before it was said. */
export interface ReasoningBlock {
  /** Tells the kinds of block apart. */
  readonly type: "reasoning";
  /** The thoughts. */
  readonly text: string;
}

/** Thoughts that the provider shows to nobody. */
export interface RedactedBlock {
  /** Tells the kinds of block apart. */
  readonly type: "redacted";
  /** Empty: there are no words. */
  readonly text: string;
  /** What stands for them; drawn unless given. */
  readonly data?: string;
}

/** A refusal in the model's own words. */
export interface RefusalBlock {
  /** Tells the kinds of block apart. */
  readonly type: "refusal";
  /** The words. */
  readonly text: string;
  /** Which policy it follows from, as the provider calls it. */
  readonly category?: string;
  /** All the words, where they were cut short. */
  readonly whole?: string;
}

/** A long text of ASCII letters and digits in pieces, made anew each time they are pulled. */
export interface Pieces extends Iterable<string> {
  /** How many there are. */
  readonly count: number;
}

/** A text that has every kind of character that `block` has: what is right for it is right for each piece. */
export function sampleOf(block: Block): string {
  return piecesOf(block) === undefined ? block.text : "";
}

/** The chunks of `block`, where it brings its own. */
export function piecesOf(block: Block): Pieces | undefined {
  return block.type === "text" ? block.pieces : undefined;
}

/** What is said in words, thoughts and calls left out; a refusal is said too. Random tokens only as a `sample`. */
export function wordsOf(
  blocks: readonly Block[],
  sample: (block: Block) => string = sampleOf,
): string {
  return blocks.filter(({ type }) => type === "text" || type === "refusal")
    .map(sample).join("");
}

/** Whether `block` was thought rather than said: some must not see it, and all are told how long it was. */
export function isThought(
  block: Block,
): block is ReasoningBlock | RedactedBlock {
  return block.type === "reasoning" || block.type === "redacted";
}

/** How many characters stand for redacted thoughts, unless they are given. */
export const REDACTED_CHARS = 320;

/** How many tokens redacted thoughts were: as recorded, about one for ten characters of what stands for them. */
export function redactedTokens({ data }: RedactedBlock): number {
  return Math.ceil((data?.length ?? REDACTED_CHARS) / 10);
}

/** The tool calls among `blocks`. */
export function callsOf(blocks: readonly Block[]): readonly ToolCallBlock[] {
  return blocks.flatMap((block) => block.type === "tool-call" ? [block] : []);
}

/** Token counts of one exchange. Totals include their parts. */
export interface Usage {
  /** Tokens in the prompt. */
  readonly input: number;
  /** Of those, tokens read from a prompt cache. */
  readonly inputCached: number;
  /** Tokens in the answer. */
  readonly output: number;
  /** Of those, reasoning tokens. */
  readonly outputReasoning: number;
}

/** A refusal in neutral form; each dialect words it as its provider does. */
export interface Failure {
  /** Tells it from a {@linkcode Reply}. */
  readonly type: "failure";
  /** What went wrong; each dialect has a status and a type for it. */
  readonly kind: FailureKind;
  /** What the client is told; empty where the provider has words of its own for the kind. */
  readonly message: string;
  /** Which field of the request is at fault, in the dialect's own spelling. */
  readonly field?: string;
  /** What it is about, for providers that word it themselves: the name of the model. */
  readonly subject?: string;
  /** The counts it is about, for providers that word it themselves, where it is about tokens. */
  readonly tokens?: TokensRefused;
  /** Which limit of mockllm was met, if one was. */
  readonly limit?: string;
  /** The provider's own code, where it has one. */
  readonly code?: string;
  /** HTTP status, where it is not the one of the kind. */
  readonly status?: number;
  /** The provider's error type, where it is not the one of the kind. */
  readonly errorType?: string;
  /** Response headers besides the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Tokens that are more than a model takes or gives. */
export interface TokensRefused {
  /** Most of them that there may be. */
  readonly max: number;
  /** Those of the prompt; absent where the answer alone may have too many. */
  readonly prompt?: number;
  /** Most that the answer may have, where that counts. */
  readonly answer?: number;
}

/** The kinds of refusal that every dialect can word. */
export type FailureKind =
  | "bad-request"
  | "bad-json"
  | "forbidden"
  | "unknown-path"
  | "unknown-model"
  | "method-not-allowed"
  | "timeout"
  | "too-large"
  | "unsupported-media"
  | "internal"
  | "shutting-down"
  | "no-match"
  | "broken-rule"
  | "no-key"
  | "invalid-key"
  | "rate-limit"
  | "token-rate-limit"
  | "insufficient-quota"
  | "billing"
  | "spend-limit"
  | "context-length"
  | "max-output"
  | "conflict"
  | "unprocessable"
  | "gateway-timeout"
  | "overloaded"
  | "server-error";

/** One structural step of a {@linkcode Reply} told over time. */
export type ReplyEvent =
  | { readonly type: "reply-start" }
  | ChoiceEvent<"choice-start">
  | BlockEvent<"block-start">
  | BlockEvent<"block-end">
  | ChoiceEvent<"choice-end">
  | { readonly type: "reply-end" };

/** A step that concerns one choice. */
export interface ChoiceEvent<Type extends string = string> {
  /** What happens to the choice. */
  readonly type: Type;
  /** Position of the choice in the reply. */
  readonly choice: number;
}

/** A step that concerns one block of one choice. */
export interface BlockEvent<Type extends string = string> {
  /** What happens to the block. */
  readonly type: Type;
  /** Position of the choice in the reply. */
  readonly choice: number;
  /** Position of the block in its choice. */
  readonly index: number;
  /** The block. */
  readonly block: Block;
}

/** A request that cannot be answered; carries its refusal to the edge. */
export class BadRequest extends Error {
  /** How it is refused. */
  readonly failure: Failure;

  /** Refuses with `failure`; what it leaves out is an ordinary 400. */
  constructor(failure: Partial<Failure> & { readonly message: string }) {
    super(failure.message);
    this.failure = { type: "failure", kind: "bad-request", ...failure };
  }
}
