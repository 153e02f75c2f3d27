/**
 * Templates: texts with holes that are filled when a rule answers. Liquid, loaded on first use.
 *
 * Call {@linkcode loadTemplates} before anything is rendered; from then on rendering waits for
 * nothing. What a template prints is never read again as a template, and a name that has no
 * value prints nothing.
 *
 * @module
 */

import { TEMPLATES_KEPT_MAX } from "../core/limits.ts";
import type { Random } from "../core/random.ts";
import type * as Engine from "./liquid.ts";
import { reasonOf, type Words, wordsOf } from "./liquid_words.ts";

/** The names that every template may use, besides those of named groups. */
export const TEMPLATE_NAMES = [
  "prompt",
  "captures",
  "system",
  "model",
  "messages",
  "headers",
  "body",
  "tool_result",
  "counter",
  "choice",
  "session",
  "now",
  "uuid",
  "random",
] as const;

/** Why a text is no template. */
export interface TemplateFault extends Words {
  /** Stable id with an entry in `docs/problems.md`. */
  readonly code: "bad-template" | "unknown-name";
  /** Where in the template, 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

/** A template that cannot be rendered with what it is given; the message is a part of a sentence. */
export class TemplateError extends Error {}

let engine: typeof Engine | undefined;
let loading: Promise<typeof Engine> | undefined;

/** Loads what templates need; afterwards {@linkcode renderTemplate} may be called. */
export async function loadTemplates(): Promise<void> {
  engine = await (loading ??= import("./liquid.ts"));
}

function loaded(): typeof Engine {
  if (engine === undefined) throw new Error("loadTemplates() comes first");
  return engine;
}

// Checking ────────────────────────────────────────────────────────────────────

/** What is wrong with `source`, a template that may also use the names `captures`; undefined when it is right. */
export async function checkTemplate(
  source: string,
  captures: readonly string[] = [],
): Promise<TemplateFault | undefined> {
  await loadTemplates();
  try {
    return unknownName(loaded().parse(source), [
      ...TEMPLATE_NAMES,
      ...captures,
    ]);
  } catch (error) {
    return { code: "bad-template", ...faultOf(error) };
  }
}

/** What the engine found when it read a template. */
function faultOf(error: unknown): Words & { line: number; column: number } {
  const { FILTERS, TAGS } = loaded();
  const { originalError = error } = error as { originalError?: unknown };
  const said = originalError instanceof Error ? originalError.message : "";
  return {
    ...wordsOf(said, { filters: FILTERS, tags: TAGS }),
    ...placeOf(error),
  };
}

/** The first use of a name that nothing gives a value. */
function unknownName(
  parsed: Engine.Parsed,
  known: readonly string[],
): TemplateFault | undefined {
  const [first] = loaded().namesUsed(parsed)
    .filter(({ name }) => !known.includes(name))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
  if (first === undefined) return undefined;
  const { name, ...place } = first;
  return {
    code: "unknown-name",
    message: `There is no name "${name}"`,
    remedy: `Use one of ${known.join(", ")}, or assign it first`,
    near: { name, known },
    ...place,
  };
}

// Rendering ───────────────────────────────────────────────────────────────────

/** `source` with its holes filled from `scope`; throws {@linkcode TemplateError}. */
export function renderTemplate(
  source: string,
  scope: Readonly<Record<string, unknown>>,
  random: Random,
): string {
  const { Excess, RenderFault, render } = loaded();
  try {
    return render(parsed(source), scope, random);
  } catch (error) {
    if (!(error instanceof RenderFault)) throw error;
    const { cause, token } = error;
    const { line, column } = placeOf({ token });
    const reason = cause instanceof Excess
      ? cause.message
      : reasonOf(cause instanceof Error ? cause.message : "");
    throw new TemplateError(`line ${line}, column ${column}: ${reason}`);
  }
}

/** Templates already read, those used last at the end. */
const kept = new Map<string, Engine.Parsed>();

function parsed(source: string): Engine.Parsed {
  const known = kept.get(source);
  const template = known ?? parseChecked(source);
  kept.delete(source);
  kept.set(source, template);
  if (kept.size > TEMPLATES_KEPT_MAX) forgetOldest();
  return template;
}

function parseChecked(source: string): Engine.Parsed {
  try {
    return loaded().parse(source);
  } catch (error) {
    const { line, column, message } = faultOf(error);
    throw new TemplateError(`line ${line}, column ${column}: ${message}`);
  }
}

function forgetOldest(): void {
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    return;
  }
}

/** Where an error of the engine is. */
function placeOf(error: unknown): { line: number; column: number } {
  const { token } = error as { token?: { getPosition(): number[] } };
  const [line = 1, column = 1] = token?.getPosition() ?? [];
  return { line, column };
}
