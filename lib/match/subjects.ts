/**
 * What each field of a condition looks at, as texts.
 *
 * @module
 */

import { textOf, type Turn } from "../core/turn.ts";
import { headerText } from "../wire/headers.ts";
import type { Context } from "./context.ts";
import { jsonTexts } from "./json_path.ts";
import type { Subject } from "./pattern.ts";
import type { Field } from "./rule.ts";

/** The texts that `field` looks at; none where it is absent. `key` names the header or the JSON path. */
export function subjectsOf(
  field: Field,
  key: string,
  context: Context,
): readonly (string | Subject)[] {
  const { turn } = context;
  switch (field) {
    case "prompt":
      return [context.prompt.text];
    case "system":
      return given(context.system);
    case "any_message":
      return turn.messages.map(textOf);
    case "model":
      return [turn.model];
    case "dialect":
      return [context.dialect];
    case "stream":
      return [String(turn.stream)];
    case "turn":
      return [String(context.turnNumber)];
    case "tools":
      return turn.tools.map(({ name }) => name);
    case "tool_result":
      return context.toolResults;
    case "tool_choice":
      return toolChoices(turn);
    case "response_format":
      return given(turn.responseFormat);
    case "images":
      return [String(context.images)];
    case "header":
      return given(context.headers.get(key) ?? undefined).map(headerText);
    case "body":
      return jsonTexts(key, context.body);
    case "key":
      return given(context.key);
    case "session":
      return given(context.session === "" ? undefined : context.session);
  }
}

/** `required` is `any` in Anthropic's words: both are understood. */
function toolChoices({ toolChoice }: Turn): readonly string[] {
  return toolChoice === "required" ? ["required", "any"] : given(toolChoice);
}

function given(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}
