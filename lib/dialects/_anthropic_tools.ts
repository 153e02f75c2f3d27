/**
 * The tools that a request to Anthropic offers, and how they must be used.
 *
 * @module
 */

import type { Tool } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import {
  isGiven,
  refuse,
  refuseBare,
  refuseTag,
  REQUIRED,
  stringAt,
} from "./_anthropic_fields.ts";
import type { Gathered } from "./_wishes.ts";
import { shown } from "./_shown.ts";

const NONE: readonly Tool[] = [];

/** The tools of a request. Throws {@linkcode BadRequest}. */
export function toolsOf(body: JsonObject): readonly Tool[] {
  const list = own(body, "tools") ?? undefined;
  if (list === undefined) return NONE;
  if (!Array.isArray(list)) refuse("tools", "Input should be a valid array");
  const tools = list.map((tool, index) => toolOf(tool, `tools.${index}`));
  // The tools of a server have no names of their own.
  const named = list.filter((tool) => isGiven(tool, "name"));
  if (new Set(named.map(({ name }) => name)).size < named.length) {
    refuse("tools", "Tool names must be unique.");
  }
  return tools;
}

/** Tools that the provider runs, and those whose schema it knows: a name and a date. */
const PROVIDED = /^[a-z][a-z0-9_]*_\d{8}$/;
const PROVIDED_NAMES: readonly string[] = [
  "mcp_toolset",
  "tool_search_tool_bm25",
  "tool_search_tool_regex",
];

/** What a complaint names of them. */
const TAGS: readonly string[] = [
  "bash_20250124",
  "code_execution_20260521",
  "computer_20251124",
  "custom",
  "memory_20250818",
  "text_editor_20250728",
  "web_fetch_20260318",
  "web_search_20260318",
  ...PROVIDED_NAMES,
];

/** Provided tools that the client runs nevertheless. */
const AT_CLIENT = /^(bash|text_editor|computer|memory|browser)_/;

function toolOf(value: unknown, path: string): Tool {
  if (!isObject(value)) refuse(path, "Input should be an object");
  const type = isGiven(value, "type")
    ? stringAt(value, "type", path)
    : "custom";
  if (type === "custom") return customOf(value, `${path}.custom`);
  if (!PROVIDED.test(type) && !PROVIDED_NAMES.includes(type)) {
    refuseTag(path, type, TAGS);
  }
  const tool = {
    // Its name follows from its type; some are sent without.
    name: isGiven(value, "name")
      ? stringAt(value, "name", `${path}.${type}`)
      : type,
    description: "",
    schema: own(value, "input_schema"),
  };
  return AT_CLIENT.test(type) ? tool : { ...tool, kind: "provider" };
}

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;

function customOf(tool: JsonObject, path: string): Tool {
  const name = stringAt(tool, "name", path);
  if (!NAME.test(name)) {
    refuse(`${path}.name`, `String should match pattern '${NAME.source}'`);
  }
  const description = isGiven(tool, "description")
    ? stringAt(tool, "description", path)
    : "";
  return { name, description, schema: schemaOf(tool, `${path}.input_schema`) };
}

function schemaOf(tool: JsonObject, path: string): unknown {
  const schema = own(tool, "input_schema");
  if (schema === undefined) refuse(path, REQUIRED);
  if (!isObject(schema)) refuse(path, "Input should be an object");
  const type = own(schema, "type");
  if (type === undefined) refuse(`${path}.type`, REQUIRED);
  if (type !== "object") refuse(`${path}.type`, "Input should be 'object'");
  return schema;
}

// How they must be used ──────────────────────────────────────────────────────

const CHOICES = ["auto", "any", "tool", "none"];

/** How tools must be used, if it was said. Throws {@linkcode BadRequest}. */
export function toolChoiceOf(
  body: JsonObject,
  tools: readonly Tool[],
): Gathered | undefined {
  const choice = own(body, "tool_choice") ?? undefined;
  if (choice === undefined) return undefined;
  if (!isObject(choice)) refuse("tool_choice", "Input should be an object");
  const type = own(choice, "type");
  if (typeof type !== "string" || !CHOICES.includes(type)) {
    refuseTag("tool_choice", type, CHOICES);
  }
  const forced = type === "any" || type === "tool";
  if (forced && tools.length === 0) {
    refuse(
      "tool_choice",
      "`tool_choice` may only be specified while providing `tools`.",
    );
  }
  if (forced) refuseThinking(body);
  return {
    toolChoice: type === "tool"
      ? namedOf(choice, tools)
      : type === "any"
      ? "required"
      : type,
    ...parallelOf(choice, `tool_choice.${type}`),
  };
}

function namedOf(choice: JsonObject, tools: readonly Tool[]): string {
  const name = stringAt(choice, "name", "tool_choice.tool");
  // What a toolset holds, only its server knows.
  const offered = tools.some((tool) =>
    tool.name === name || tool.name.includes("toolset")
  );
  if (offered) return name;
  refuseBare(
    "tool_choice.tool.name",
    `Tool '${shown(name)}' not found in provided tools`,
  );
}

function parallelOf(choice: JsonObject, path: string): Gathered {
  const disabled = own(choice, "disable_parallel_tool_use") ?? undefined;
  if (disabled === undefined) return {};
  if (typeof disabled !== "boolean") {
    refuse(
      `${path}.disable_parallel_tool_use`,
      "Input should be a valid boolean",
    );
  }
  return { parallelToolCalls: !disabled };
}

/** A model that must call a tool at once cannot think before. */
function refuseThinking(body: JsonObject): void {
  const thinking = own(body, "thinking");
  if (!isObject(thinking) || own(thinking, "type") !== "enabled") return;
  refuseBare(
    "thinking",
    "Thinking may not be enabled when tool_choice forces tool use.",
  );
}
