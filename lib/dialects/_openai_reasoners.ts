/**
 * What is different about OpenAI's reasoning models: they do not take the old name of the token
 * limit, nor sampling, and some say less. They are known by their names.
 *
 * @module
 */

import { BadRequest } from "../core/reply.ts";
import { type JsonObject, own } from "../wire/json.ts";
import { complaint } from "./_openai_complaints.ts";

/** The o series and gpt-5 with all that came after it; what chats, does not reason. */
const REASONER = /^(o\d|gpt-[5-9])(?!.*chat)/;

/** The families before that, which know nothing of it. */
const NEVER_REASONS = /^gpt-(3\.5|4|4o|4\.1)(-|$)/;

/** Those of them that reason only when they are asked to. */
const REASONS_ON_REQUEST = /^gpt-(5\.[1-9]|[6-9])/;

/** Those that leave out `logprobs` where they are null, as recorded: what reasons, hears or searches. */
const LEAVES_OUT_LOGPROBS =
  /^(o\d|gpt-[5-9](?!.*chat)|gpt-4\.5|gpt-4o.*-(audio|search)-)/;

/** Those whose fingerprint is null, as recorded. */
const HAS_NO_FINGERPRINT = /^gpt-([5-9](?!.*chat)|4\.5)/;

/** The first of the o series, which take no instructions. */
const TAKES_NO_INSTRUCTIONS = /^o1-(mini|preview)/;

/** Whether choices of `model` have no `logprobs` rather than null ones. */
export function leavesOutLogprobs(model: string): boolean {
  return LEAVES_OUT_LOGPROBS.test(model);
}

/** Whether `model` tells null for its fingerprint. */
export function hasNoFingerprint(model: string): boolean {
  return HAS_NO_FINGERPRINT.test(model);
}

/** Refuses instructions for models that take none. */
export function refuseInstructions(
  body: JsonObject,
  role: string,
  path: string,
): void {
  if (!TAKES_NO_INSTRUCTIONS.test(modelOf(body))) return;
  throw complaint(
    `Unsupported value: '${path}' does not support '${role}' with this model.`,
    path,
    "unsupported_value",
  );
}

/** Refuses `max_tokens` for models that count reasoning too, which is why theirs has another name. */
export function refuseMaxTokens(body: JsonObject): void {
  if (!REASONER.test(modelOf(body))) return;
  throw complaint(
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    "max_tokens",
    "unsupported_parameter",
  );
}

/** Refuses to reason where a model does not. */
export function refuseEffort(body: JsonObject, key: string): void {
  if (!NEVER_REASONS.test(modelOf(body))) return;
  throw new BadRequest({
    message: `Unrecognized request argument supplied: ${key}`,
  });
}

/** Refuses a sampling parameter that is not at its default while the model reasons. */
export function refuseSampling(
  body: JsonObject,
  key: string,
  value: unknown,
  standard: number,
): void {
  if (value === standard || !reasons(body)) return;
  throw complaint(
    `Unsupported value: '${key}' does not support ${value} with this model. Only the default (${standard}) value is supported.`,
    key,
    "unsupported_value",
  );
}

function reasons(body: JsonObject): boolean {
  const model = modelOf(body);
  if (!REASONER.test(model)) return false;
  const effort = own(body, "reasoning_effort") ?? "none";
  return !REASONS_ON_REQUEST.test(model) || effort !== "none";
}

function modelOf(body: JsonObject): string {
  const model = own(body, "model");
  return typeof model === "string" ? model : "";
}
