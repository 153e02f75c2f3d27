/**
 * OpenAI's list of models.
 *
 * @module
 */

import { BadRequest } from "../core/reply.ts";
import type { Model } from "../core/model.ts";
import type { CatalogAsked } from "./dialect.ts";

/** 2025-01-01: a catalog's dates do not move. */
const CREATED_S = 1_735_689_600;

/** The body that lists models, or tells of one. Throws {@linkcode BadRequest} when there is none of that name. */
export function openaiModels({ models, id }: CatalogAsked): string {
  if (id === undefined) {
    return worded({ object: "list", data: models.map(entryOf) });
  }
  const model = models.find((model) => model.id === id);
  if (model !== undefined) return worded(entryOf(model));
  throw new BadRequest({
    kind: "unknown-model",
    message: "Unknown model",
    subject: id,
    field: "model",
  });
}

function worded(body: unknown): string {
  return JSON.stringify(body, null, 2) + "\n";
}

function entryOf(
  { id, createdS = CREATED_S, ownedBy = "mock-server", description }: Model,
): Record<string, unknown> {
  return {
    id,
    object: "model",
    created: createdS,
    owned_by: ownedBy,
    ...(description !== undefined && { description }),
  };
}
