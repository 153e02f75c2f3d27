/**
 * Liquid, tamed: no files, no clock, no chance but what is given, and bounded. Loaded by
 * `template.ts` when the first template is met; nobody else imports it.
 *
 * @module
 */

import {
  TEMPLATE_ALLOCATIONS_MAX,
  TEMPLATE_CHARS_MAX,
  TEMPLATE_DEPTH_MAX,
  TEMPLATE_STEPS_MAX,
} from "../core/limits.ts";
import type { Random } from "../core/random.ts";
// The build for browsers: it knows no file system at all.
// @ts-types="liquidjs"
import {
  Context,
  type Emitter,
  ForTag,
  Liquid,
  TablerowTag,
  type Template,
  type Token,
} from "liquidjs/dist/liquid.browser.mjs";

/** What goes wrong while a template is rendered, and where. */
export class RenderFault extends Error {
  /** What went wrong: one of the engine's errors, or an {@linkcode Excess}. */
  override readonly cause: unknown;
  /** Where it was in the template. */
  readonly token: Token;

  /** A fault at `token`. */
  constructor(cause: unknown, token: Token) {
    super();
    this.cause = cause;
    this.token = token;
  }
}

/** More than a template may do; the message says what, as a part of a sentence. */
export class Excess extends Error {}

/** A template that has been read. */
export type Parsed = Template[];

/** One rendering: what it may use, and what it has used. */
class Rendering extends Context {
  readonly random: Random;
  readonly now: unknown;
  #rounds = 0;

  constructor(scope: Readonly<Record<string, unknown>>, random: Random) {
    const names = Object.assign(Object.create(null), scope, {
      uuid: () => uuid(random),
      random: () => random.fraction(),
    });
    super(names, liquid.options, { sync: true }, { liquid });
    this.random = random;
    this.now = scope.now;
  }

  /** Counts a round of a loop. */
  step(): void {
    if (++this.#rounds > TEMPLATE_STEPS_MAX) {
      throw new Excess(`its loops go more than ${TEMPLATE_STEPS_MAX} rounds`);
    }
  }
}

/** Bodies of loops: whoever renders one goes a round. */
const bodies = new WeakSet<object>();

class CountedFor extends ForTag {
  constructor(...parts: ConstructorParameters<typeof ForTag>) {
    super(...parts);
    bodies.add(this.templates);
  }
}

class CountedTablerow extends TablerowTag {
  constructor(...parts: ConstructorParameters<typeof TablerowTag>) {
    super(...parts);
    bodies.add(this.templates);
  }
}

type TagClass = Liquid["tags"][string];

let depth = 0;

/** The same tag, that counts how deep it is in others while it is read. */
function shallow(tag: TagClass): TagClass {
  return new Proxy(tag, {
    construct(tag, parts) {
      if (depth >= TEMPLATE_DEPTH_MAX) throw new Error("nested too deep");
      depth++;
      try {
        return Reflect.construct(tag, parts);
      } finally {
        depth--;
      }
    },
  });
}

/** Text as it grows, up to its bound. */
class Text {
  buffer = "";

  write(value: unknown): void {
    this.buffer += textOf(value);
    if (this.buffer.length > TEMPLATE_CHARS_MAX) {
      throw new Excess(
        `it makes more than ${TEMPLATE_CHARS_MAX} characters`,
      );
    }
  }
}

/** A value as text: lists as their items, one after another; objects as JSON. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(textOf).join("");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** In the engine's place, since that looks at the clock and lets empty loops run. */
const renderer = {
  *renderTemplates(
    templates: Parsed,
    context: Rendering,
    emitter: Emitter | Text = new Text(),
  ): Generator<unknown, unknown, unknown> {
    if (bodies.has(templates)) context.step();
    for (const template of templates) {
      try {
        const text = yield template.render(context, emitter as Emitter);
        if (text) emitter.write(text);
      } catch (error) {
        throw error instanceof RenderFault
          ? error
          : new RenderFault(error, template.token);
      }
      if (context.breakCalled || context.continueCalled) break;
    }
    return (emitter as Text).buffer;
  },
};

const liquid = tame(
  new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    memoryLimit: TEMPLATE_ALLOCATIONS_MAX,
    timezoneOffset: 0,
    locale: "en-US",
  }),
);

function tame(liquid: Liquid): Liquid {
  Object.assign(liquid, { renderer });
  for (const name of ["include", "render", "layout", "block"]) {
    delete liquid.tags[name];
  }
  // Two wait for the platform's cryptography, and nothing here waits; one draws its own lots.
  for (const name of ["sha256", "hmac_sha256", "sample"]) {
    liquid.unregisterFilter(name);
  }
  Object.assign(liquid.tags, { for: CountedFor, tablerow: CountedTablerow });
  for (const [name, tag] of Object.entries(liquid.tags)) {
    liquid.registerTag(name, shallow(tag));
  }
  for (const name of Object.keys(liquid.filters)) {
    if (/^date(_|$)/.test(name)) dateFromScope(liquid, name);
  }
  liquid.registerFilter("pick", function (list: unknown) {
    const { random } = this.context as Rendering;
    return Array.isArray(list) ? list[random.below(list.length)] : list;
  });
  return liquid;
}

/** `"now" | date` is the `now` of the scope, not the machine's. */
function dateFromScope(liquid: Liquid, name: string): void {
  const filter = liquid.filters[name];
  if (typeof filter !== "function") return;
  liquid.registerFilter(name, function (value: unknown, ...rest: unknown[]) {
    const isNow = value === "now" || value === "today";
    const { now } = this.context as Rendering;
    return filter.call(this, isNow ? now : value, ...rest);
  });
}

/** An identifier of version 4. */
function uuid(random: Random): string {
  const digits = random.hex(30);
  const variant = "89ab"[random.below(4)];
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(12, 15)}`,
    `${variant}${digits.slice(15, 18)}`,
    digits.slice(18, 30),
  ].join("-");
}

/** Reads a template; throws the engine's errors. */
export function parse(source: string): Parsed {
  return liquid.parse(source);
}

/** Renders a template; throws a {@linkcode RenderFault}. */
export function render(
  parsed: Parsed,
  scope: Readonly<Record<string, unknown>>,
  random: Random,
): string {
  const context = new Rendering(scope, random);
  return liquid.renderSync(parsed, context) as string;
}

/** Where a template uses a name that it does not itself define: name, line and column of each, in no order. */
export function namesUsed(
  parsed: Parsed,
): { name: string; line: number; column: number }[] {
  const { globals } = liquid.analyzeSync(parsed, { partials: false });
  // `offset: continue` is a word of the language.
  delete globals.continue;
  return Object.entries(globals).flatMap(([name, uses]) =>
    uses.map(({ location: { row, col } }) => ({ name, line: row, column: col }))
  );
}

/** The filters there are. */
export const FILTERS: readonly string[] = Object.keys(liquid.filters);

/** The tags there are. */
export const TAGS: readonly string[] = Object.keys(liquid.tags);
