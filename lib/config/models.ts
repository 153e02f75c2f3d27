/**
 * `models` → what is known of each; names that are given twice.
 *
 * @module
 */

import type { Model } from "../core/model.ts";
import type { Part } from "./check.ts";
import { entryAt, pathOf } from "./complain.ts";
import { type Finding, quote } from "./findings.ts";
import type { CheckedModel } from "./models_shape.ts";
import { textOf, type Value } from "./value.ts";

/** The models, those that answer under other names followed by these; each name once. */
export function compileModels(checked: readonly CheckedModel[]): Model[] {
  const models = new Map<string, Model>();
  const given = checked.map(modelOf);
  const names = new Set(given.map(({ id }) => id));
  for (const model of given) {
    if (models.has(model.id)) continue;
    models.set(model.id, model);
    const { snapshot, ...same } = model;
    if (snapshot === undefined || names.has(snapshot)) continue;
    names.add(snapshot);
    models.set(snapshot, { ...same, id: snapshot });
  }
  return [...models.values()];
}

function modelOf(checked: CheckedModel): Model {
  if (typeof checked === "string") return { id: checked };
  const { id = "", snapshot, context_window, max_output_tokens } = checked;
  const { created, owned_by, display_name } = checked;
  return {
    id,
    ...(snapshot !== undefined && { snapshot }),
    ...(context_window !== undefined && { contextWindow: context_window }),
    ...(max_output_tokens !== undefined &&
      { maxOutputTokens: max_output_tokens }),
    ...(created !== undefined && { createdS: created }),
    ...(owned_by !== undefined && { ownedBy: owned_by }),
    ...(display_name !== undefined && { displayName: display_name }),
  };
}

/** One item of a list. */
interface Named {
  readonly id: string;
  readonly at: Value;
  readonly place: string;
  /** Whether it is nothing but a name. */
  readonly bare: boolean;
}

/** Notes names that are given twice. Several files may name a model, if they say nothing else of it. */
export function checkModels(parts: readonly Part[]): void {
  const firsts = new Map<string, Named>();
  for (const part of parts) {
    demandNames(part);
    const here = new Set<string>();
    for (const [index, named] of namesIn(part).entries()) {
      const first = firsts.get(named.id);
      const isTwice = first !== undefined && here.has(named.id);
      if (first === undefined) firsts.set(named.id, named);
      else if (!first.bare || !named.bare) {
        part.findings.error(twice(named, first, index));
      } else if (isTwice) part.findings.warn(twice(named, first, index));
      here.add(named.id);
    }
  }
}

function demandNames({ sections, findings }: Part): void {
  const models = entryAt(sections, ["models"])?.value;
  if (models?.type !== "list") return;
  for (const [index, item] of models.items.entries()) {
    if (item.type !== "table" || item.entries.has("id")) continue;
    findings.error({
      code: "no-model",
      message: "The model has no name",
      at: item,
      path: pathOf(["models", index]),
      remedy: "Give it one, such as id: gpt-4o",
    });
  }
}

function twice({ id, at }: Named, first: Named, index: number): Finding {
  return {
    code: "duplicate-model",
    message: `The model ${
      quote(id)
    } is given twice: here, and in ${first.place}`,
    at,
    path: pathOf(["models", index]),
    remedy: "Remove one of the two",
  };
}

function namesIn({ sections, findings }: Part): Named[] {
  const models = entryAt(sections, ["models"])?.value;
  if (models?.type !== "list") return [];
  return models.items.map((item) => {
    const name = item.type === "table" ? item.entries.get("id")?.value : item;
    return {
      id: textOf(name) ?? "",
      at: name ?? item,
      place: `${findings.file}:${findings.lineOf(item.start)}`,
      bare: item.type === "scalar",
    };
  }).filter(({ id }) => id !== "");
}
