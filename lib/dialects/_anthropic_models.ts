/**
 * Anthropic's catalog of models.
 *
 * @module
 */

import { BadRequest } from "../core/reply.ts";
import type { JsonObject } from "../wire/json.ts";
import { versionOf } from "./_anthropic_request.ts";
import type { Model } from "./dialect.ts";

/** The body that lists `models`, or tells of the one with `id`. Throws {@linkcode BadRequest} when there is none. */
export function anthropicModels(
  models: readonly Model[],
  id: string | undefined,
  headers: Headers,
): string {
  const { modern } = versionOf(headers);
  const entries = models.map((model) => entryOf(model, modern));
  if (id === undefined) {
    const [first, last] = [models[0]?.id ?? null, models.at(-1)?.id ?? null];
    return JSON.stringify({
      data: entries,
      has_more: false,
      first_id: first,
      last_id: last,
    });
  }
  const entry = entries.find((entry) => entry.id === id);
  if (entry !== undefined) return JSON.stringify(entry);
  throw new BadRequest({
    kind: "unknown-model",
    message: `Unknown model "${id}"`,
    field: "model",
    subject: id,
  });
}

function entryOf(
  { id }: Model,
  modern: boolean,
): { readonly id: string } & JsonObject {
  const entry = {
    type: "model",
    id,
    display_name: id,
    created_at: "2025-09-29T00:00:00Z",
  };
  return modern ? { ...entry, ...NEWER_KEYS } : entry;
}

/** What the SDKs of 2026-10-21 take for granted. */
const NEWER_KEYS = {
  capabilities: null,
  lifecycle: "active",
  line: null,
  max_input_tokens: null,
  max_tokens: null,
  deprecated_at: null,
  retires_at: null,
};
