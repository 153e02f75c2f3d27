/**
 * A question that was answered, as small as it can be kept: the text of its body, its headers,
 * and what was decided. Everything else is made again from these when somebody looks.
 *
 * The journal keeps a thousand of these while thousands a second pass through it: what a body
 * was parsed to would outlive collection after collection, and cost more than answering.
 *
 * @module
 */

import { compose, type Wording } from "./compose/compose.ts";
import type { Plan } from "./core/plan.ts";
import type { Score } from "./core/score.ts";
import type { ChatEndpoint, Encoder } from "./dialects/dialect.ts";
import type { AskedRecord } from "./journal/record.ts";
import { explainUnmatched } from "./match/choose.ts";
import { Context } from "./match/context.ts";
import type { RuleSpec } from "./match/rule.ts";
import type { RuleBook } from "./match/rulebook.ts";
import { unpackHeaders } from "./wire/headers.ts";
import { parseText } from "./wire/parse.ts";

/** What a {@linkcode KeptQuestion} is made of. */
export interface QuestionParts {
  /** What decoded it. */
  readonly endpoint: ChatEndpoint;
  /** The text of its body; undefined when there was none. */
  readonly text: string | undefined;
  /** Whether headers asked for a token stream, or nothing was said. */
  readonly tokensAsked: boolean;
  /** Name of its session. */
  readonly session: string;
  /** The scenario state it was asked in. */
  readonly state: string;
  /** Rules given at run time that were tried. */
  readonly overlays: readonly RuleBook[];
  /** Rules of the file that were tried. */
  readonly rules: readonly RuleSpec[];
}

/** What of a question is made again. */
interface Again {
  readonly of: KeptQuestion;
  readonly context: Context;
  readonly encoder: Encoder;
}

/** The one that was looked at last: whoever looks once, looks again. */
let last: Again | undefined;

/** A question that was answered. */
export class KeptQuestion implements AskedRecord {
  readonly plan: Plan;
  readonly stream: boolean;
  readonly bodyBytes: number;
  readonly #parts: QuestionParts;
  readonly #wording: Wording;
  readonly #headers: Headers | string;

  /** The question of `parts` that came with `headers`, packed where they are kept, answered by `plan` in `wording`. */
  constructor(
    headers: Headers | string,
    parts: QuestionParts,
    plan: Plan,
    stream: boolean,
    bodyBytes: number,
    wording: Wording,
  ) {
    this.#headers = headers;
    this.#parts = parts;
    this.plan = plan;
    this.stream = stream;
    this.bodyBytes = bodyBytes;
    this.#wording = wording;
  }

  get context(): Context {
    return this.#again().context;
  }

  misses(): readonly string[] {
    const { overlays, rules, state } = this.#parts;
    const { context } = this;
    return explainUnmatched({ context, overlays, state }, { rules });
  }

  again(): Score {
    const { encoder } = this.#again();
    return compose(this.plan, encoder, this.stream, this.#wording);
  }

  #again(): Again {
    if (last?.of === this) return last;
    const { endpoint, text, tokensAsked, session } = this.#parts;
    const headers = typeof this.#headers === "string"
      ? unpackHeaders(this.#headers)
      : this.#headers;
    const body = text === undefined ? undefined : parseText(text);
    const { turn, encoder } = endpoint.decode({
      headers,
      body: body ?? {},
      tokensAsked,
    });
    const { name: dialect, keyHeader } = this.#wording.dialect;
    const where = { headers, body, dialect, keyHeader, session };
    const context = new Context(turn, where);
    return last = { of: this, context, encoder };
  }
}
