/**
 * What would become of a request, told without serving it: who is asked, what answers and why
 * nothing else does, and when which bytes would go out.
 *
 * The request takes the same way as one that came in; only the end is missing, where it would be
 * performed.
 *
 * @module
 */

import type { Clock } from "./core/clock.ts";
import type { Plan } from "./core/plan.ts";
import { mixSeed } from "./core/random.ts";
import { BadRequest } from "./core/reply.ts";
import type { Cue, Score } from "./core/score.ts";
import type { ChatEndpoint, Dialect, Signs } from "./dialects/dialect.ts";
import { dialects } from "./dialects/registry.ts";
import type { Context } from "./match/context.ts";
import type { Miss } from "./match/miss.ts";
import type { Captures } from "./match/pattern.ts";
import { Quotas } from "./match/quotas.ts";
import { readRule, readSeed, readSession } from "./match/request_headers.ts";
import type { Condition, Config, RuleSpec } from "./match/rule.ts";
import { bookOf, RuleBook } from "./match/rulebook.ts";
import { Session } from "./match/sessions.ts";
import { type Arrival, Responder, type Scored } from "./responder.ts";
import { isObject, type JsonObject, own } from "./wire/json.ts";

/** A request to be explained. */
export interface ExplainOptions {
  /** What would answer it. */
  readonly config: Config;
  /** Its body. */
  readonly body: string;
  /** Its headers. */
  readonly headers: Headers;
  /** Name of the dialect asked, one of {@linkcode dialectNames}; guessed where it is not said. */
  readonly dialect?: string | undefined;
  /** The state its session is in; that in which all begin unless said. */
  readonly state?: string | undefined;
  /** Seed of the process. */
  readonly seed: number;
  /** Time. */
  readonly clock: Clock;
}

/** What would become of a request. */
export interface Explanation {
  /** Name of the dialect asked. */
  readonly dialect: string;
  /** Whether that was guessed. */
  readonly guessed: boolean;
  /** Method and path. */
  readonly route: string;
  /** Seed of the answer. */
  readonly seed: number;
  /** The state of the session before. */
  readonly state: string;
  /** The question with its circumstances; absent where it is refused as it stands. */
  readonly context?: Context;
  /** What was decided; absent where the request is refused as it stands. */
  readonly plan?: Plan;
  /** Why the request is refused as it stands. */
  readonly refusal?: string;
  /** What patterns of the answering rule caught; of secrets only that they did. */
  readonly captures: Captures;
  /** Why the rules that are tried before the answer do not match, in order. */
  readonly misses: readonly Miss[];
  /** What would be sent. */
  readonly timeline: Timeline;
}

/** What would be sent, and when. */
export interface Timeline {
  /** HTTP status. */
  readonly status: number;
  /** The first writes. */
  readonly first: readonly Cue[];
  /** The last write, where it is not among the first. */
  readonly last?: Cue;
  /** How many writes there are. */
  readonly writes: number;
  /** How many content deltas. */
  readonly deltas: number;
  /** How much text, in UTF-16 code units. */
  readonly chars: number;
  /** When the last write is due, in milliseconds after the request's arrival. */
  readonly totalMs: number;
}

/** How many writes are told from the beginning. */
const FIRST_MOMENTS = 4;

/** Tells what would become of the request. */
export async function explain(options: ExplainOptions): Promise<Explanation> {
  const named = dialects.find(({ name }) => name === options.dialect);
  const dialect = named ?? guess(options);
  const endpoint = chatOf(dialect);
  const arrival = arrivalOf(options, endpoint.route);
  const state = arrival.session.state;
  const { scored, refusal } = await answer(arrival, dialect, endpoint, options);
  const { context, plan } = scored.asked ?? {};
  return {
    dialect: dialect.name,
    guessed: named === undefined,
    route: endpoint.route,
    seed: arrival.seed,
    state,
    ...(refusal !== undefined && { refusal }),
    ...(context && { context }),
    ...(context && plan
      ? { plan, ...reasonsOf(plan, context, state, options) }
      : NO_REASONS),
    timeline: timelineOf(scored.score),
  };
}

/** Names of all dialects. */
export function dialectNames(): readonly string[] {
  return dialects.map(({ name }) => name);
}

// What was asked ─────────────────────────────────────────────────────────────

/** The dialect that claims the headers, else the one of which the body has most signs. */
function guess({ headers, body }: ExplainOptions): Dialect {
  const claiming = dialects.find(({ claims }) => claims(headers, ""));
  if (claiming !== undefined) return claiming;
  const parsed = parse(body);
  const [best = dialects[0]] = dialects.toSorted((a, b) =>
    countSigns(b.signs, parsed) - countSigns(a.signs, parsed)
  );
  return best;
}

function parse(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : {};
  } catch {
    return {}; // refused soon, in better words
  }
}

function countSigns(signs: Signs | undefined, body: JsonObject): number {
  if (signs === undefined) return 0;
  const has = (object: unknown, keys: readonly string[]) =>
    isObject(object) && keys.some((key) => Object.hasOwn(object, key));
  const roles = listOf(body, "messages").map((message) =>
    isObject(message) ? own(message, "role") : undefined
  );
  return [
    ...signs.keys.map((key) => Object.hasOwn(body, key)),
    listOf(body, "tools").some((tool) => has(tool, signs.toolKeys)),
    roles.some((role) => signs.roles.includes(String(role))),
    signs.model.test(String(own(body, "model") ?? "")),
  ].filter(Boolean).length;
}

function listOf(body: JsonObject, key: string): readonly unknown[] {
  const value = own(body, key);
  return Array.isArray(value) ? value : [];
}

function chatOf({ name, endpoints }: Dialect): ChatEndpoint {
  const chat = endpoints.find(({ type }) => type === "chat");
  if (chat?.type === "chat") return chat;
  throw new Error(`${name} answers no conversations`);
}

/** The request as it would arrive: the first of its session. */
function arrivalOf(
  { config, headers, body, state, clock }: ExplainOptions,
  route: string,
): Arrival {
  const [method = "POST", path = "/"] = route.split(" ");
  const session = new Session(readSession(headers));
  if (state !== undefined) session.state = state;
  return {
    request: new Request(`http://127.0.0.1${path}`, { method, headers, body }),
    path,
    route,
    config,
    arrivedMs: clock.now(),
    epochMs: clock.epochMs(),
    session,
    overlays: [],
    quotas: new Quotas(),
    packed: undefined,
    asks: true,
    seed: 0,
  };
}

// What answers ───────────────────────────────────────────────────────────────

async function answer(
  arrival: Arrival,
  dialect: Dialect,
  endpoint: ChatEndpoint,
  { clock, seed, headers }: ExplainOptions,
): Promise<{ scored: Scored; refusal?: string }> {
  const responder = new Responder({ clock });
  const { session } = arrival;
  arrival.seed = mixSeed(seed, session.name, session.nextOrdinal());
  try {
    arrival.seed = readSeed(headers) ?? arrival.seed;
    const answered = responder.endpoint(arrival, dialect, endpoint, undefined);
    return { scored: await answered };
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    const scored = responder.refusal(arrival, dialect, true, error);
    return { scored, refusal: error.failure.message };
  }
}

type Reasons = Pick<Explanation, "captures" | "misses">;

const NO_REASONS: Reasons = { captures: {}, misses: [] };

/** Why this answers, and not what is tried before it. */
function reasonsOf(
  { source: { type, name } }: Plan,
  context: Context,
  state: string,
  { config: { rules }, headers }: ExplainOptions,
): Reasons {
  if (type === "tokens" || type === "setting") return NO_REASONS;
  const at = rules.findIndex((rule) => type === "rule" && rule.name === name);
  const rule = rules[at];
  const tried = at < 0 ? rules : rules.slice(0, at);
  const demanded = readRule(headers) !== undefined;
  return {
    captures: rule === undefined ? {} : capturesOf(rule, context),
    misses: demanded ? [] : bookOf(tried).explain(context, state),
  };
}

/** What the patterns of `rule` caught; of headers, keys and body fields only that they did. */
function capturesOf(rule: RuleSpec, context: Context): Captures {
  const of = (when: readonly Condition[]) => {
    const part = { ...rule, when };
    return new RuleBook([part]).capturesOf(part, context);
  };
  const isSecret = ({ field }: Condition) => SECRET_FIELDS.has(field);
  const hidden = Object.keys(of(rule.when.filter(isSecret)));
  return {
    ...of(rule.when.filter((condition) => !isSecret(condition))),
    ...Object.fromEntries(hidden.map((name) => [name, HIDDEN])),
  };
}

const SECRET_FIELDS: ReadonlySet<Condition["field"]> = new Set([
  "header",
  "key",
  "body",
]);

const HIDDEN = "(not shown)";

// What would be sent ─────────────────────────────────────────────────────────

function timelineOf({ status, cues }: Score): Timeline {
  const first: Cue[] = [];
  let last: Cue | undefined;
  const sum = { writes: 0, deltas: 0, chars: 0, totalMs: 0 };
  for (const cue of cues) {
    if (first.length < FIRST_MOMENTS) first.push(cue);
    else last = cue;
    sum.writes++;
    sum.deltas += cue.deltas;
    sum.chars += cue.text.length;
    sum.totalMs = cue.atMs;
  }
  return { status, first, ...(last && { last }), ...sum };
}
