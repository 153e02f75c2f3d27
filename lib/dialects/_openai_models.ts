/**
 * OpenAI's list of models.
 *
 * @module
 */

import { BadRequest } from "../core/reply.ts";
import type { Model } from "./dialect.ts";

/** 2025-01-01: a catalog's dates do not move. */
const MODEL_CREATED_S = 1_735_689_600;

/** The body that lists `models`, or tells of the one with `id`. Throws {@linkcode BadRequest} when there is none. */
export function openaiModels(
  models: readonly Model[],
  id: string | undefined,
): string {
  if (id === undefined) {
    return JSON.stringify(
      { object: "list", data: models.map(modelEntry) },
      null,
      2,
    ) + "\n";
  }
  const model = models.find((model) => model.id === id);
  if (model === undefined) {
    throw new BadRequest({
      kind: "unknown-model",
      message: "Unknown model",
      subject: id,
      field: "model",
    });
  }
  return JSON.stringify(modelEntry(model), null, 2) + "\n";
}

function modelEntry(model: Model): Record<string, unknown> {
  return {
    id: model.id,
    object: "model",
    created: MODEL_CREATED_S,
    owned_by: "mock-server",
    ...(model.description === undefined
      ? {}
      : { description: model.description }),
  };
}
