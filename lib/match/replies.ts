/**
 * What a rule that matched says: the reply whose turn it is, and the text it comes to.
 *
 * @module
 */

import type { Plan, Source } from "../core/plan.ts";
import { mixSeed, Random } from "../core/random.ts";
import type { Failure } from "../core/reply.ts";
import { masked } from "./admission.ts";
import type { Rule } from "./compiled_rule.ts";
import type { Captures } from "./pattern.ts";
import {
  type Asked,
  drawSeedOf,
  planBlocks,
  planFailure,
  planText,
  planTokens,
  planVaried,
} from "./plans.ts";
import type { Config, ReplySpec, RuleSpec } from "./rule.ts";
import { scopeOf } from "./scope.ts";
import { loadTemplates, renderTemplate, TemplateError } from "./template.ts";

/** A rule in use. */
export interface Use {
  /** The rule. */
  readonly rule: Rule;
  /** What its patterns caught. */
  readonly captures: Captures;
  /** How often it had answered this session before. */
  readonly before: number;
  /** How the plan tells of it. */
  readonly source: Source;
  /** Milliseconds since the epoch, for templates. */
  readonly epochMs: number;
}

/** The reply whose turn it is after `before` others; undefined when they are used up. */
export function replyAfter(
  before: number,
  { replies, onEnd }: RuleSpec,
): ReplySpec | undefined {
  if (before < replies.length) return replies[before];
  if (onEnd === "error") return undefined;
  return onEnd === "loop" ? replies[before % replies.length] : replies.at(-1);
}

/** The plan for `reply`; a promise only where it has to be waited for. */
export function planReply(
  reply: ReplySpec,
  use: Use,
  asked: Asked,
  config: Config,
): Plan | Promise<Plan> {
  const { content, finish, usage } = reply;
  const { source, rule: { pace } } = use;
  const how = {
    pace,
    ...(finish && { finish }),
    ...(usage && { usage }),
  };
  const say = (text: string, author?: object) =>
    planText(asked, source, { ...how, text }, config, author);
  switch (content.type) {
    case "text":
      return say(content.text, reply);
    case "blocks":
      return planBlocks(asked, source, { ...content, ...how }, config);
    case "echo":
      return say(asked.context.prompt.text);
    case "auto":
      return planAuto(({ autoBlocks }) =>
        planVaried(
          asked,
          source,
          how,
          config,
          (seed) => autoBlocks(asked.context.turn, seed),
        )
      );
    case "tokens":
      return planTokens(asked, source, { ...content, ...how }, config);
    case "error":
      return planFailure(asked, source, told(content.failure, asked));
    case "template":
      return planTemplate(
        content.source,
        reply,
        use,
        asked,
        (render) =>
          asked.context.turn.choices === undefined
            ? say(render(drawSeedOf(asked), 0))
            : planVaried(asked, source, how, config, (seed, choice) => [
              { type: "text", text: render(seed, choice) },
            ]),
      );
    case "computed":
      return content.compute(asked.context, use.captures)
        .then((computed) => planReply(computed, use, asked, config));
  }
}

/** Renders a template for one of the choices, what it draws from a seed. */
type Render = (seed: number, choice: number) => string;

type Auto = typeof import("./auto.ts");

/** What makes answers that nobody scripted, once it was wanted. */
let auto: Auto | undefined;

function planAuto(
  plan: (auto: Auto) => Plan | Promise<Plan>,
): Plan | Promise<Plan> {
  if (auto !== undefined) return plan(auto);
  return import("./auto.ts").then((loaded) => plan(auto = loaded));
}

async function planTemplate(
  template: string,
  { place }: ReplySpec,
  use: Use,
  asked: Asked,
  say: (render: Render) => Plan | Promise<Plan>,
): Promise<Plan> {
  await loadTemplates();
  const scope = scopeOf(asked.context, use);
  try {
    return await say((seed, choice) => {
      const random = new Random(mixSeed(seed, "template", 0));
      return renderTemplate(template, { ...scope, choice }, random);
    });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return planFailure(asked, use.source, failed(use, place, error.message));
  }
}

/** Where the provider's words name the model or the key, it is the one that was asked for, or with. */
function told(failure: Failure, { context: { turn, key } }: Asked): Failure {
  if (failure.message !== "") return failure;
  if (NAMING_MODELS.has(failure.kind)) {
    return { subject: turn.model, ...failure };
  }
  return failure.kind === "invalid-key" && key !== undefined
    ? { subject: masked(key), ...failure }
    : failure;
}

const NAMING_MODELS: ReadonlySet<Failure["kind"]> = new Set([
  "unknown-model",
  "rate-limit",
  "token-rate-limit",
]);

/** A template that fails is its author's to mend: the client is told which, and where it stands. */
function failed({ rule }: Use, place: string, reason: string): Failure {
  const name = rule.name === rule.place ? "" : ` of rule "${rule.name}"`;
  return {
    type: "failure",
    kind: "broken-rule",
    message: `The template${name} (${place}) cannot be rendered: ${reason}`,
  };
}
