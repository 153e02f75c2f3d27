/**
 * Questions to a model: read, decoded, decided, composed, and kept as the journal keeps them.
 *
 * @module
 */

import { KeptQuestion } from "../asked.ts";
import { compose } from "../compose/compose.ts";
import type { Clock } from "../core/clock.ts";
import type { Tokenizer } from "../core/tokens.ts";
import type { Plan } from "../core/plan.ts";
import type { Turn } from "../core/turn.ts";
import type { ChatEndpoint, Dialect } from "../dialects/dialect.ts";
import type { AskedRecord } from "../journal/record.ts";
import { snapshotOf } from "../match/admission.ts";
import { choose } from "../match/choose.ts";
import {
  readModelId,
  readPace,
  readRule,
  readTokensAsked,
  type TokensAsked,
} from "../match/request_headers.ts";
import { tokenizerOf } from "../match/tokenizers.ts";
import { type BodyOptions, withBytes } from "../wire/body.ts";
import { decodeText, parseText } from "../wire/parse.ts";
import {
  type Arrival,
  contextOf,
  type Scored,
  spending,
  type Told,
} from "./arrival.ts";

/** Answers a question. Throws {@linkcode BadRequest}. */
export function chat(
  arrival: Arrival,
  dialect: Dialect,
  endpoint: ChatEndpoint,
  options: BodyOptions,
): Promise<Scored> {
  const { request, asks } = arrival;
  const { headers } = request;
  const wishes = asks ? readTokensAsked(headers) : undefined;
  const modelId = asks ? readModelId(headers) : undefined;
  const answer = (tokenizer: Tokenizer) => {
    const { clock } = options;
    const asked = { dialect, endpoint, wishes, modelId, tokenizer, clock };
    return withBytes(
      request,
      options,
      (bytes) => answerChat(arrival, asked, bytes),
    );
  };
  const tokenizer = tokenizerOf(arrival.config.settings.tokenizer);
  return tokenizer instanceof Promise
    ? tokenizer.then(answer)
    : answer(tokenizer);
}

/** What was known of a question before its body came. */
interface ChatAsked {
  readonly dialect: Dialect;
  readonly endpoint: ChatEndpoint;
  readonly wishes: TokensAsked | undefined;
  readonly modelId: string | undefined;
  readonly tokenizer: Tokenizer;
  readonly clock: Clock;
}

/** A promise only where a reply has to be waited for. Throws {@linkcode BadRequest}. */
function answerChat(
  arrival: Arrival,
  { dialect, endpoint, wishes, modelId, tokenizer, clock }: ChatAsked,
  bytes: Uint8Array,
): Scored | Promise<Scored> {
  const { request: { headers }, asks, config, session, overlays } = arrival;
  const text = bytes.length === 0 ? undefined : decodeText(bytes);
  arrival.body = text;
  const body = text === undefined ? undefined : parseText(text);
  arrival.body = body;
  const tokensAsked = body === undefined || wishes !== undefined;
  const inbound = { headers, body: body ?? {}, tokensAsked };
  const { turn, encoder } = endpoint.decode(inbound);
  const { state } = session; // before the answer changes it
  const choosing = choose({
    context: contextOf(turn, arrival, dialect, body),
    modelId: modelId ?? snapshotOf(turn.model, config),
    windowHoldsAnswer: dialect.windowHoldsAnswer,
    tokenizer,
    clock,
    tokensAsked: wishes,
    paceAsked: asks ? readPace(headers) : undefined,
    forced: asks ? readRule(headers) : undefined,
    session,
    overlays,
    seed: arrival.seed,
    epochMs: arrival.epochMs,
  }, config);
  const score = (plan: Plan): Scored => {
    const { outcome } = plan;
    const usage = outcome.type === "reply" ? outcome.usage : undefined;
    const words = spending(arrival, dialect, usage);
    const asked = new KeptQuestion(
      arrival.packed ?? headers,
      {
        endpoint,
        text,
        tokensAsked,
        session: session.name,
        state,
        overlays,
        rules: config.rules,
      },
      plan,
      turn.stream,
      text === undefined ? 0 : heldBytes(text, bytes),
      words,
    );
    return {
      score: compose(plan, encoder, turn.stream, words),
      told: tell(dialect, turn, plan, asked),
      asked,
    };
  };
  return choosing instanceof Promise ? choosing.then(score) : score(choosing);
}

/** What `text` takes: engines keep two bytes a character as soon as one needs them. */
function heldBytes(text: string, { length }: Uint8Array): number {
  return text.length === length ? length : 2 * text.length;
}

function tell(
  dialect: Dialect,
  turn: Turn,
  { outcome, source, seed }: Plan,
  asked: AskedRecord,
): Told {
  const unmatched = source.type === "default" || source.type === "none";
  const answered = outcome.type === "reply";
  const told: Told = {
    dialect: dialect.name,
    stream: turn.stream,
    answeredBy: source.type === "rule" ? source.name : source.place,
    unmatched,
    seed,
    model: answered ? outcome.model : turn.model,
  };
  if (answered) told.usage = outcome.usage;
  else told.error = outcome.message;
  if (unmatched) told.misses = () => asked.misses();
  return told;
}
