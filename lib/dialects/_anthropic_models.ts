/**
 * Anthropic's catalog of models, in pages.
 *
 * @module
 */

import type { Model } from "../core/model.ts";
import { BadRequest } from "../core/reply.ts";
import type { JsonObject } from "../wire/json.ts";
import { versionOf } from "./_anthropic_request.ts";
import { shown } from "./_shown.ts";
import type { CatalogAsked } from "./dialect.ts";

/** The body that lists models, or tells of one. Throws {@linkcode BadRequest} when there is none of that name. */
export function anthropicModels(
  { models, id, headers, query }: CatalogAsked,
): string {
  const { modern } = versionOf(headers);
  if (id === undefined) return JSON.stringify(pageOf(models, query, modern));
  const model = models.find((model) => model.id === id);
  if (model !== undefined) return JSON.stringify(entryOf(model, modern));
  throw new BadRequest({
    kind: "unknown-model",
    message: `Unknown model "${id}"`,
    field: "model",
    subject: id,
  });
}

// Pages ───────────────────────────────────────────────────────────────────────

const LIMIT_RANGE = [1, 1_000] as const;
const LIMIT_DEFAULT = 20;

function pageOf(
  models: readonly Model[],
  query: URLSearchParams,
  modern: boolean,
): JsonObject {
  const limit = limitOf(query);
  const after = positionOf("after_id", models, query);
  const before = positionOf("before_id", models, query);
  if (after !== undefined && before !== undefined) {
    throw new BadRequest({
      message: "before_id: Only one of before_id and after_id may be given",
      field: "before_id",
    });
  }
  const end = before ?? models.length;
  const start = before === undefined
    ? (after ?? -1) + 1
    : Math.max(0, before - limit);
  const page = models.slice(start, Math.min(end, start + limit));
  return {
    data: page.map((model) => entryOf(model, modern)),
    has_more: before === undefined ? start + limit < end : start > 0,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

function limitOf(query: URLSearchParams): number {
  const written = query.get("limit");
  if (written === null) return LIMIT_DEFAULT;
  const [least, most] = LIMIT_RANGE;
  const limit = Number(written);
  if (!/^[+-]?\d+$/.test(written)) {
    throw wrongLimit(
      "Input should be a valid integer, unable to parse string as an integer",
    );
  }
  if (limit < least) {
    throw wrongLimit(`Input should be greater than or equal to ${least}`);
  }
  if (limit > most) {
    throw wrongLimit(`Input should be less than or equal to ${most}`);
  }
  return limit;
}

function wrongLimit(reason: string): BadRequest {
  return new BadRequest({ message: `limit: ${reason}`, field: "limit" });
}

function positionOf(
  name: "after_id" | "before_id",
  models: readonly Model[],
  query: URLSearchParams,
): number | undefined {
  const id = query.get(name);
  if (id === null) return undefined;
  const position = models.findIndex((model) => model.id === id);
  if (position >= 0) return position;
  throw new BadRequest({
    message: `${name}: There is no model ${shown(id)}`,
    field: name,
  });
}

// Entries ─────────────────────────────────────────────────────────────────────

/** A catalog's dates do not move. */
const CREATED_AT = "2025-09-29T00:00:00Z";

function entryOf(
  { id, displayName = id, createdS, contextWindow, maxOutputTokens }: Model,
  modern: boolean,
): JsonObject {
  const created_at = createdS === undefined
    ? CREATED_AT
    : new Date(createdS * 1_000).toISOString().replace(".000", "");
  const entry = { type: "model", id, display_name: displayName, created_at };
  if (!modern) return entry;
  return {
    ...entry,
    capabilities: null,
    lifecycle: "active",
    line: null,
    max_input_tokens: contextWindow ?? null,
    max_tokens: maxOutputTokens ?? null,
    deprecated_at: null,
    retires_at: null,
  };
}
