/**
 * Every key of a rule. Part of the one source, see `shape.ts`.
 *
 * @module
 */

import * as z from "zod/mini";
import {
  type Definition,
  key,
  oneOf,
  section,
  text,
  TEXT_JSON,
  word,
} from "./kinds.ts";
import { MODEL_DEFINITIONS } from "./models_shape.ts";
import { type CheckedPace, PACE, PACE_KEYS, paceKey } from "./pace_shape.ts";
import {
  type CheckedReply,
  REPLY,
  REPLY_DEFINITIONS,
  REPLY_SECTIONS,
  TAKES_REPLY,
} from "./reply_shape.ts";
import { WHEN, WHEN_KEYS } from "./when_shape.ts";

/** A rule that fits its shape; what is read by hand is left as it came. */
export interface CheckedRule {
  /** `name`. */
  readonly name?: string | undefined;
  /** `reply`. */
  readonly reply?: CheckedReply | undefined;
  /** `replies`. */
  readonly replies?: readonly CheckedReply[] | undefined;
  /** `on_end`. */
  readonly on_end: "repeat" | "loop" | "error";
  /** `state`. */
  readonly state?: {
    readonly requires?: string | undefined;
    readonly sets?: string | undefined;
  } | undefined;
  /** `pace`. */
  readonly pace?: string | CheckedPace | undefined;
}

const ENDS = ["repeat", "loop", "error"] as const;

const stateKeys = {
  requires: key(z.optional(text()), {
    takes: "the name of a state",
    doc:
      "The state the session must be in. Every session begins in the state `start`.",
    example: "requires: logged_in",
    json: TEXT_JSON,
  }),
  sets: key(z.optional(text()), {
    takes: "the name of a state",
    doc: "The state the session is in once the rule has answered.",
    example: "sets: logged_in",
    json: TEXT_JSON,
  }),
};

const ruleKeys = {
  name: key(z.optional(text()), {
    takes: "text",
    doc:
      "What logs, headers and `/_mock` call the rule. No two rules have the same. Its place if left out.",
    example: "name: order status",
    json: TEXT_JSON,
  }),
  when: key(z.optional(WHEN), {
    takes: "a section with conditions",
    doc: "What must hold, all of it. Left out: always.",
    example: 'when: { prompt: "*weather*", model: "gpt-*" }',
    more: { minProperties: 1 },
  }),
  reply: key(z.optional(REPLY), {
    takes: TAKES_REPLY,
    doc: "What is answered.",
    example: 'reply: "It is sunny."',
    json: { allOf: [{ $ref: "#/definitions/reply" }] },
  }),
  replies: key(z.optional(z.array(REPLY)), {
    takes: "a list of replies",
    doc:
      "Several replies, one each time the rule answers, counted for each session.",
    item: TAKES_REPLY,
    example: 'replies: ["First.", "Second."]',
    json: {
      type: "array",
      minItems: 1,
      items: { $ref: "#/definitions/reply" },
    },
  }),
  on_end: key(z._default(word(ENDS), "repeat"), {
    takes: "repeat, loop or error",
    doc:
      "What follows the last of the replies: that one again, the first again, or an error.",
    default: "repeat",
    example: "on_end: loop",
    words: ENDS,
  }),
  state: key(z.optional(section(stateKeys)), {
    takes: "{requires, sets}",
    doc: "Ties the rule to the state of the session.",
    example: "state: { requires: logged_in, sets: done }",
    more: { minProperties: 1 },
  }),
  pace: paceKey("How fast the rule answers."),
};

const RULE_SHAPE = section(ruleKeys);

/** One rule. Its type says what is used of the result. */
export const RULE: z.ZodMiniType<CheckedRule> = RULE_SHAPE;

/** The sections of a rule and of a pace, for documents, by the path that its keys are documented under. */
export const RULE_SECTIONS: Readonly<Record<string, z.core.$ZodLooseShape>> = {
  rules: ruleKeys,
  "rules.when": WHEN_KEYS,
  "rules.state": stateKeys,
  ...REPLY_SECTIONS,
  paces: PACE_KEYS,
};

/** `rules`. */
export const RULES = key(z.optional(z.array(RULE_SHAPE)), {
  takes: "a list of rules",
  doc:
    "Answers by conditions. Tried in order, before `responses`; the first that matches answers.",
  item: "a section with keys",
  example: 'rules:\n  - when: { prompt: "*weather*" }\n    reply: "Sunny."',
  json: {
    type: "array",
    minItems: 1,
    items: { $ref: "#/definitions/rule" },
  },
});

/** What `$ref`s of the JSON Schema name, and how it is told. */
export const DEFINITIONS: Readonly<Record<string, Definition>> = {
  rule: { schema: RULE_SHAPE, more: oneOf(["reply", "replies"]) },
  ...REPLY_DEFINITIONS,
  ...MODEL_DEFINITIONS,
  pace: {
    schema: PACE,
    more: { not: { required: ["tokens_per_second", "itl"] } },
  },
};
