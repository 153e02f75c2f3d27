/**
 * Questions about models and requests, which no model is asked: catalogs, and how many tokens
 * something is.
 *
 * @module
 */

import { composeBody } from "../compose/compose.ts";
import type { Model } from "../core/model.ts";
import { BadRequest, type Failure } from "../core/reply.ts";
import type {
  CatalogEndpoint,
  CountEndpoint,
  Dialect,
} from "../dialects/dialect.ts";
import { refuseKey, refuseModel } from "../match/admission.ts";
import { promptTokens } from "../match/prompt_tokens.ts";
import { TOKEN_DEFAULTS } from "../match/request_headers.ts";
import type { Config } from "../match/rule.ts";
import { tokenizerOf } from "../match/tokenizers.ts";
import { type BodyOptions, EMPTY, readJson } from "../wire/body.ts";
import { keyOf } from "../wire/headers.ts";
import { type Arrival, contextOf, type Scored, wording } from "./arrival.ts";

/** Lists models. Throws {@linkcode BadRequest}. */
export function catalog(
  arrival: Arrival,
  dialect: Dialect,
  endpoint: CatalogEndpoint,
  id: string | undefined,
): Scored {
  const { config, request: { headers, url }, seed } = arrival;
  demand(refuseKey(keyOf(headers, dialect.keyHeader), config));
  const query = queryOf(url);
  const body = endpoint.list({ models: modelsOf(config), id, headers, query });
  return {
    score: composeBody(body, seed, wording(arrival, dialect)),
    told: { dialect: dialect.name },
  };
}

/** What catalogs list: the mock's own model, and the configured ones. */
function modelsOf({ models }: Config): readonly Model[] {
  const { model: id } = TOKEN_DEFAULTS;
  const described = models.find((model) => model.id === id);
  const own = { id, description: DESCRIPTION, ...described };
  return [own, ...models.filter((model) => model.id !== id)];
}

const DESCRIPTION =
  "Answers from your rules, or with random tokens at the speed asked for";

function queryOf(url: string): URLSearchParams {
  const start = url.indexOf("?");
  return new URLSearchParams(start < 0 ? "" : url.slice(start));
}

function demand(failure: Failure | undefined): void {
  if (failure !== undefined) throw new BadRequest(failure);
}

/** Counts the tokens of a question. Throws {@linkcode BadRequest}. */
export async function count(
  arrival: Arrival,
  dialect: Dialect,
  endpoint: CountEndpoint,
  options: BodyOptions,
): Promise<Scored> {
  const { headers } = arrival.request;
  const body = await bodyOf(arrival, options);
  const inbound = { headers, body: body ?? {}, tokensAsked: false };
  const turn = endpoint.decode(inbound);
  demand(refuseKey(keyOf(headers, dialect.keyHeader), arrival.config));
  demand(refuseModel(turn.model, arrival.config));
  const tokenizer = await tokenizerOf(arrival.config.settings.tokenizer);
  const text = endpoint.words(promptTokens(turn, tokenizer));
  const { seed } = arrival;
  const words = wording(arrival, dialect);
  const again = () => composeBody(text, seed, words);
  const context = contextOf(turn, arrival, dialect, body);
  return {
    score: again(),
    told: { dialect: dialect.name, model: turn.model },
    asked: { context, misses: () => [], again },
  };
}

/** The parsed body; undefined when there is none. */
async function bodyOf(
  arrival: Arrival,
  options: BodyOptions,
): Promise<unknown> {
  const body = await readJson(arrival.request, options);
  return arrival.body = body === EMPTY ? undefined : body;
}
