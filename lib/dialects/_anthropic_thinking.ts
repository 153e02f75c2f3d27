/**
 * The `thinking` of a request to Anthropic, and what cannot be asked for beside it.
 *
 * @module
 */

import type { Message } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import {
  refuse,
  refuseBare,
  refuseTag,
  REQUIRED,
} from "./_anthropic_fields.ts";

const TYPES = ["adaptive", "between_tools", "disabled", "enabled"];
const BUDGET_MIN = 1_024;
const TOP_P_MIN = 0.95;
/** What older LangChain sends for what is not set. */
const OFF = -1;
const ADVICE =
  "Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#";

/** Throws {@linkcode BadRequest} if the provider does not take it. */
export function checkThinking(
  value: unknown,
  key: string,
  body: JsonObject,
  headers: Headers,
): void {
  if (!isObject(value)) refuse(key, "Input should be an object");
  const type = own(value, "type");
  if (typeof type !== "string" || !TYPES.includes(type)) {
    refuseTag(key, type, TYPES);
  }
  checkDisplay(value, `${key}.${type}`);
  if (type !== "enabled") return;
  checkBudget(value, `${key}.enabled.budget_tokens`, body, headers);
  checkSampling(body);
}

/**
 * Refuses tool calls that are sent back without the thoughts they came with: those whose results
 * the model is to go on with. What it says between two questions of the user's is one turn, and
 * only its first call comes after thoughts, unless they are interleaved.
 */
export function checkThoughts(
  body: JsonObject,
  messages: readonly unknown[],
  roles: readonly Message["role"][],
): void {
  if (!demandsThoughts(body)) return;
  let first: number | undefined;
  for (let index = messages.length - 1; index >= 0; index--) {
    const types = typesOf(messages[index]);
    if (roles[index] === "assistant") {
      if (THOUGHTS.has(types[0])) return;
      if (first === undefined && !types.includes("tool_use")) return;
      first = index;
    } else if (roles[index] === "user" && !types.includes("tool_result")) break;
  }
  if (first === undefined) return;
  refuse(
    `messages.${first}.content.0.type`,
    `Expected \`thinking\` or \`redacted_thinking\`, but found \`${
      typesOf(messages[first])[0] ?? "text"
    }\`. ${THOUGHTS_FIRST}`,
  );
}

/** Whether an answer that calls tools has to begin with thoughts: those who adapt may do without. */
export function demandsThoughts(body: unknown): boolean {
  const thinking = isObject(body) ? own(body, "thinking") : undefined;
  return isObject(thinking) && own(thinking, "type") === "enabled";
}

const THOUGHTS: ReadonlySet<unknown> = new Set([
  "thinking",
  "redacted_thinking",
]);
const THOUGHTS_FIRST =
  "When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable `thinking`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking";

/** The types of the blocks of a message. */
function typesOf(message: unknown): readonly unknown[] {
  const content = isObject(message) ? own(message, "content") : undefined;
  if (!Array.isArray(content)) return [];
  return content.map((block) => own(block, "type"));
}

/** Whether thoughts are wanted as their signature only. */
export function omitsThoughts(body: unknown): boolean {
  const thinking = isObject(body) ? own(body, "thinking") : undefined;
  return isObject(thinking) && own(thinking, "display") === "omitted";
}

const DISPLAYS: readonly unknown[] = ["summarized", "omitted"];

function checkDisplay(thinking: JsonObject, path: string): void {
  const display = own(thinking, "display") ?? undefined;
  if (display === undefined || DISPLAYS.includes(display)) return;
  refuse(`${path}.display`, "Input should be 'summarized' or 'omitted'");
}

function checkBudget(
  thinking: JsonObject,
  path: string,
  body: JsonObject,
  headers: Headers,
): void {
  const budget = own(thinking, "budget_tokens");
  if (budget === undefined) refuse(path, REQUIRED);
  if (!Number.isInteger(budget)) {
    refuse(path, "Input should be a valid integer");
  }
  if (Number(budget) < BUDGET_MIN) {
    refuse(path, `Input should be greater than or equal to ${BUDGET_MIN}`);
  }
  const capped = own(body, "max_tokens");
  // Between tools it is spent anew.
  const interleaved = headers.get("anthropic-beta")?.includes("interleaved") ??
    false;
  if (interleaved || typeof capped !== "number") return;
  if (capped > Number(budget)) return;
  refuseBare(
    "max_tokens",
    `\`max_tokens\` must be greater than \`thinking.budget_tokens\`. ${ADVICE}max-tokens-and-context-window`,
  );
}

function checkSampling(body: JsonObject): void {
  const [temperature, topP, topK] = ["temperature", "top_p", "top_k"].map((
    key,
  ) => own(body, key) ?? OFF);
  const where =
    `${ADVICE}important-considerations-when-using-extended-thinking`;
  if (temperature !== OFF && temperature !== 1) {
    refuseBare(
      "temperature",
      `\`temperature\` may only be set to 1 when thinking is enabled. ${where}`,
    );
  }
  if (typeof topP === "number" && topP !== OFF && topP < TOP_P_MIN) {
    refuseBare(
      "top_p",
      `\`top_p\` must be greater than or equal to ${TOP_P_MIN} or unset when thinking is enabled. ${where}`,
    );
  }
  if (topK !== OFF) {
    refuseBare(
      "top_k",
      `\`top_k\` must be unset when thinking is enabled. ${where}`,
    );
  }
}
