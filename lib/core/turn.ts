/**
 * The question, with every trace of its dialect removed.
 *
 * @module
 */

/** What a client asked. */
export interface Turn extends Wishes {
  /** The model name, exactly as the client wrote it. */
  readonly model: string;
  /** Whether the client asked for a stream. */
  readonly stream: boolean;
  /** The conversation, oldest first; system text is a message like any other. */
  readonly messages: readonly Message[];
  /** The tools the client offers. */
  readonly tools: readonly Tool[];
  /** How the provider counts it, besides its words. */
  readonly counting?: Counting;
}

/** How the client wants the answer to be. What was not said is absent, never undefined. */
export interface Wishes {
  /** How tools must be used: `auto`, `none`, `required`, or the name of one. */
  readonly toolChoice?: string;
  /** Names of the only offered tools that may be called, where not all of them may. */
  readonly allowedTools?: readonly string[];
  /** Whether one answer may call several tools. */
  readonly parallelToolCalls?: boolean;
  /** The form the answer must have: `text`, `json_object` or `json_schema`. */
  readonly responseFormat?: string;
  /** JSON Schema that the answer must be valid for, as sent. */
  readonly responseSchema?: unknown;
  /** Most tokens the answer may have, reasoning included. */
  readonly maxTokens?: number;
  /** Texts before which the answer ends; none of them empty. */
  readonly stop?: readonly string[];
  /** How many alternative answers; absent where it is one. */
  readonly choices?: number;
  /** That the probabilities of tokens are wanted, and how many alternatives of each. */
  readonly logprobs?: { readonly top: number };
  /** What makes the provider's answers repeatable. */
  readonly seed?: number;
  /** Whether the model is to think before it answers; absent where the provider leaves that to the model. */
  readonly reasoning?: boolean;
}

/** One message of a {@linkcode Turn}. */
export interface Message {
  /** Who speaks. A tool result is a part, whichever role the dialect gives it. */
  readonly role: "system" | "user" | "assistant" | "tool";
  /** What was said, in order. */
  readonly parts: readonly Part[];
  /** Who speaks among several of that role. */
  readonly name?: string;
  /** What was thought, which the provider takes back while tools are used for one answer. */
  readonly thoughts?: string;
  /** What else the model reads here, and rules do not look at: what servers' tools found. */
  readonly unseen?: string;
}

/** One piece of a {@linkcode Message}. */
export type Part =
  | { readonly type: "text"; readonly text: string }
  | {
    readonly type: "media";
    readonly mediaType: string;
    /** What it is counted as, besides its words; what nothing is known of unless given. */
    readonly tokens?: number;
    /** Its words, where it is a text. */
    readonly words?: string;
  }
  | {
    readonly type: "tool-call";
    readonly id: string;
    readonly name: string;
    readonly input: string;
  }
  | {
    readonly type: "tool-result";
    readonly id: string;
    readonly text: string;
    /** What all in it that is no text is counted as. */
    readonly tokens?: number;
  };

/** A tool the client offers. */
export interface Tool {
  /** The name the model must call it by. */
  readonly name: string;
  /** What it is for, in the client's words. */
  readonly description: string;
  /** JSON Schema of its input, as sent. */
  readonly schema: unknown;
  /** What else than a function with JSON input it is: one that takes free `text`, or one that runs at the `provider`. */
  readonly kind?: "text" | "provider";
}

/** What a provider counts of a question besides its words. */
export interface Counting {
  /** Tokens of every question: what primes the answer. */
  readonly question: number;
  /** Tokens around a message, its role among them. */
  readonly message: Readonly<Record<Message["role"], number>>;
  /** Tokens beside the name of who speaks. */
  readonly name: number;
  /** Tokens beside a call's name and arguments. */
  readonly call: number;
  /** Tokens of an image, a sound or a document of which nothing is known. */
  readonly media: number;
  /** What the model is told of the tools of `turn`, which has some: texts, and tokens beside them. */
  tools(turn: Turn): {
    readonly texts: readonly string[];
    readonly tokens: number;
  };
}

/** The text of a message: its text parts, one a line. */
export function textOf(message: Message): string {
  const [only] = message.parts;
  if (only === undefined) return "";
  if (message.parts.length === 1) return only.type === "text" ? only.text : "";
  return message.parts.filter((part) => part.type === "text")
    .map((part) => part.text).join("\n");
}

/** The text of the last user message; empty when the user said nothing. Bare tool results are nobody's words. */
export function promptOf(turn: Turn): string {
  const last = turn.messages.findLast(isUsers);
  return last === undefined ? "" : textOf(last);
}

/** Whether the user speaks here, rather than a tool in the user's place. */
export function isUsers({ role, parts }: Message): boolean {
  return role === "user" && (parts.length === 0 ||
    parts.some(({ type }) => type !== "tool-result"));
}

/** Whether the conversation ends in a tool's result, text beside it or not. */
export function endsInToolResult(turn: Turn): boolean {
  return turn.messages.at(-1)?.parts.some((part) =>
    part.type === "tool-result"
  ) ?? false;
}
