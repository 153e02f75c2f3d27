/**
 * How the tools of an OpenAI request must be used, as functions of old too.
 *
 * @module
 */

import type { Tool } from "../core/turn.ts";
import { isObject, type JsonObject, own } from "../wire/json.ts";
import {
  complaint,
  emptyArray,
  missing,
  onlyWith,
  wrongType,
  wrongValue,
} from "./_openai_complaints.ts";
import { KINDS, readKind } from "./_openai_tools.ts";
import type { Gathered } from "./_wishes.ts";
import { shown } from "./_shown.ts";

/** How tools must be used, if it was said. Throws {@linkcode BadRequest}. */
export function readToolChoice(
  body: JsonObject,
  tools: readonly Tool[],
): Gathered | undefined {
  const choice = own(body, "tool_choice") ?? undefined;
  const parallel = own(body, "parallel_tool_calls") ?? undefined;
  if (choice === undefined && parallel === undefined) return undefined;
  if (tools.length === 0) return refuseWithoutTools(choice);
  return {
    ...(choice === undefined ? {} : readChoice(choice, tools)),
    ...(typeof parallel === "boolean" ? { parallelToolCalls: parallel } : {}),
  };
}

/** To call none is what happens without tools anyway. */
function refuseWithoutTools(choice: unknown): Gathered {
  if (choice === "none") return { toolChoice: choice };
  throw onlyWith(
    choice === undefined ? "parallel_tool_calls" : "tool_choice",
    "tools",
  );
}

const MODES = ["none", "auto", "required"];

/** Whether tools must be used by calling the one that is named. */
export function isNamed(choice: string | undefined): boolean {
  return choice !== undefined && !MODES.includes(choice);
}

const CHOICES = ["function", "custom", "allowed_tools"];

function readChoice(choice: unknown, tools: readonly Tool[]): Gathered {
  if (typeof choice === "string") {
    if (!MODES.includes(choice)) throw wrongValue("tool_choice", choice, MODES);
    return { toolChoice: choice };
  }
  if (!isObject(choice)) {
    throw wrongType("tool_choice", "one of a string or object", choice);
  }
  const kind = readKind(choice, "tool_choice", CHOICES);
  if (kind === "allowed_tools") return readAllowed(choice, tools);
  return { toolChoice: readNamed(choice, kind, "tool_choice", tools) };
}

/** The name of a tool that is offered. */
function readNamed(
  choice: JsonObject,
  kind: string,
  path: string,
  tools: readonly Tool[],
): string {
  const inner = own(choice, kind) ?? undefined;
  if (inner === undefined) throw missing(`${path}.${kind}`);
  if (!isObject(inner)) throw wrongType(`${path}.${kind}`, "an object", inner);
  const name = own(inner, "name");
  if (name === undefined) throw missing(`${path}.${kind}.name`);
  if (typeof name !== "string") {
    throw wrongType(`${path}.${kind}.name`, "a string", name);
  }
  if (tools.some((tool) => tool.name === name)) return name;
  throw complaint(
    `Tool choice '${shown(name)}' not found in 'tools' parameter.`,
    "tool_choice",
  );
}

const ALLOWED_MODES = ["auto", "required"];

function readAllowed(choice: JsonObject, tools: readonly Tool[]): Gathered {
  const path = "tool_choice.allowed_tools";
  const allowed = own(choice, "allowed_tools") ?? undefined;
  if (allowed === undefined) throw missing(path);
  if (!isObject(allowed)) throw wrongType(path, "an object", allowed);
  const mode = own(allowed, "mode");
  if (mode === undefined) throw missing(`${path}.mode`);
  if (typeof mode !== "string") {
    throw wrongType(`${path}.mode`, "a string", mode);
  }
  if (!ALLOWED_MODES.includes(mode)) {
    throw wrongValue(`${path}.mode`, mode, ALLOWED_MODES);
  }
  const list = own(allowed, "tools");
  if (list === undefined) throw missing(`${path}.tools`);
  if (!Array.isArray(list)) {
    throw wrongType(`${path}.tools`, "an array of objects", list);
  }
  if (list.length === 0) throw emptyArray(`${path}.tools`);
  const names = list.map((tool, index) => {
    const place = `${path}.tools[${index}]`;
    const kind = readKind(tool, place, KINDS);
    return readNamed(tool as JsonObject, kind, place, tools);
  });
  return { toolChoice: mode, allowedTools: names };
}

/** How functions of old must be used, if it was said. */
export function readFunctionCall(
  body: JsonObject,
  functions: readonly Tool[],
): Gathered | undefined {
  const call = own(body, "function_call") ?? undefined;
  if (call === undefined) return undefined;
  if (functions.length === 0) throw onlyWith("function_call", "functions");
  if (call === "none" || call === "auto") return { toolChoice: call };
  if (typeof call === "string") {
    throw wrongValue("function_call", call, ["none", "auto"]);
  }
  if (!isObject(call)) {
    throw wrongType("function_call", "one of a string or object", call);
  }
  const name = own(call, "name");
  if (name === undefined) throw missing("function_call.name");
  if (typeof name !== "string") {
    throw wrongType("function_call.name", "a string", name);
  }
  if (functions.some((tool) => tool.name === name)) return { toolChoice: name };
  throw complaint(
    `Invalid value for 'function_call': no function named '${
      shown(name)
    }' was specified in the 'functions' parameter.`,
    "function_call",
  );
}
