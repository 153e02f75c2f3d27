/**
 * Requests of both dialects, valid ones first, then mutated.
 *
 * @module
 */

import type { Random } from "../../lib/core/random.ts";
import { type BodyCase, utf8 } from "./case.ts";
import { mutateTree, textOf, type Tree, treeOf } from "./json_tree.ts";
import { chance, mutateBytes, pick } from "./mutate.ts";

/** Every endpoint that takes a body, with the dialect whose envelope its refusals have. */
export const ENDPOINTS = {
  "/v1/chat/completions": "openai",
  "/v1/messages": "anthropic",
  "/v1/messages/count_tokens": "anthropic",
} as const;

/** A path of {@linkcode ENDPOINTS}. */
export type EndpointPath = keyof typeof ENDPOINTS;

const SCHEMA = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
};

const OPENAI: readonly unknown[] = [
  { model: "gpt-4o", messages: [{ role: "user", content: "hello" }] },
  {
    model: "gpt-4o",
    stream: true,
    stream_options: { include_usage: true, include_obfuscation: false },
    messages: [
      { role: "system", content: "Be brief, in JSON." },
      {
        role: "user",
        content: [{ type: "text", text: "what is 2+2?" }, {
          type: "image_url",
          image_url: { url: "data:image/png;base64,AA==" },
        }],
      },
    ],
    temperature: 0.5,
    top_p: 1,
    n: 1,
    max_completion_tokens: 20,
    logprobs: true,
    top_logprobs: 2,
    stop: ["a", "b"],
    seed: 1,
    user: "me",
    logit_bias: { "50256": -100 },
    response_format: { type: "json_object" },
  },
  {
    model: "gpt-4o",
    messages: [
      { role: "developer", content: "x" },
      { role: "user", content: "weather?", name: "bob" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{
          id: "c1",
          type: "function",
          function: { name: "w", arguments: "{}" },
        }],
      },
      { role: "tool", tool_call_id: "c1", content: "sunny" },
    ],
    tools: [{
      type: "function",
      function: {
        name: "w",
        description: "d",
        parameters: SCHEMA,
        strict: true,
      },
    }],
    tool_choice: "auto",
    parallel_tool_calls: true,
  },
];

const ANTHROPIC: readonly unknown[] = [
  {
    model: "claude-sonnet-4-5",
    max_tokens: 10,
    messages: [{ role: "user", content: "hello" }],
  },
  {
    model: "claude-sonnet-4-5",
    max_tokens: 2000,
    stream: true,
    system: [{
      type: "text",
      text: "Be brief.",
      cache_control: { type: "ephemeral" },
    }],
    messages: [
      {
        role: "user",
        content: [{ type: "text", text: "hi" }, {
          type: "image",
          source: { type: "base64", media_type: "image/png", data: "AA==" },
        }],
      },
      {
        role: "assistant",
        content: [{ type: "thinking", thinking: "hm", signature: "s" }, {
          type: "tool_use",
          id: "t1",
          name: "w",
          input: { city: "Rome" },
        }],
      },
      {
        role: "user",
        content: [{
          type: "tool_result",
          tool_use_id: "t1",
          content: [{ type: "text", text: "sunny" }],
          is_error: false,
        }],
      },
    ],
    tools: [{ name: "w", description: "d", input_schema: SCHEMA }, {
      type: "web_search_20250305",
      name: "web_search",
    }],
    tool_choice: { type: "auto" },
    metadata: { user_id: "me" },
    stop_sequences: ["x"],
    temperature: 1,
    thinking: { type: "enabled", budget_tokens: 1024 },
    output_config: { format: { type: "json_schema", schema: SCHEMA } },
  },
  {
    model: "claude-sonnet-4-5",
    max_tokens: 10,
    system: "s",
    messages: [{ role: "user", content: "a" }, {
      role: "assistant",
      content: "b",
    }, { role: "user", content: "what is 2+2?" }],
    temperature: 0.5,
    top_p: 0.9,
    top_k: 5,
  },
];

/** The valid bodies of `path`. */
export function validBodies(
  path: EndpointPath,
): readonly unknown[] {
  return ENDPOINTS[path] === "openai" ? OPENAI : ANTHROPIC;
}

/** One mutated request to `path`. */
export function mutatedRequest(path: EndpointPath, random: Random): BodyCase {
  return {
    kind: "body",
    path,
    headers: mutatedHeaders(random),
    bytes: mutatedBody(path, random),
  };
}

function mutatedBody(path: EndpointPath, random: Random): Uint8Array {
  let tree: Tree = treeOf(pick(random, validBodies(path)));
  const bytewise = chance(random, 0.2);
  for (
    let left = bytewise ? random.below(2) : 1 + random.below(4);
    left > 0;
    left--
  ) {
    tree = mutateTree(tree, random);
  }
  const bytes = utf8(framed(textOf(tree), random));
  return bytewise && bytes.length > 0 ? mutateBytes(bytes, random) : bytes;
}

/** White space, a mark or rubbish round the text, now and then. */
function framed(text: string, random: Random): string {
  if (chance(random, 0.95)) return text;
  const [before, after] = pick<[string, string]>(random, [
    ["\ufeff", ""],
    [" \t\r\n", "\n"],
    ["", "\0"],
    ["", " x"],
    [")]}',\n", ""],
    ["\x0b", ""],
    ["data: ", "\n\n"],
    ["", text],
    ["[", "]"],
    ['"', '"'],
  ]);
  return before + text + after;
}

const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ["content-type", [
    "text/plain",
    "application/json; charset=utf-16",
    "multipart/form-data",
    "",
    "application/x-www-form-urlencoded",
    "\x7f",
  ]],
  ["content-encoding", ["gzip", "identity", "br", "deflate, gzip", "", "x"]],
  ["anthropic-version", [
    "2023-06-01",
    "2026-10-21",
    "2023-01-01",
    "0",
    "",
    "\xff",
    "__proto__",
  ]],
  ["x-token-count", [
    "5",
    "0",
    "-1",
    "1e9",
    "NaN",
    "",
    "0x10",
    "1e-400",
    "9".repeat(400),
  ]],
  ["x-tokens-per-second", ["1000", "0", "-5", "Infinity", "1e308", "abc"]],
  ["x-token-length", ["4", "0", "99999", "1.5", "\xe9"]],
  ["x-model-id", [
    "m",
    "\xf0\x9f\x98\x80",
    "\xff\xfe",
    "a\tb",
    "x".repeat(5_000),
    "__proto__",
    '"}\\',
  ]],
  ["x-mock-seed", ["7", "-1", "1e3", "9007199254740993", "", "\xa0"]],
  ["x-mock-session", ["a", "__proto__", "\xff", "s".repeat(3_000)]],
  ["x-api-key", ["k", ""]],
  ["authorization", ["Bearer x", "\xff"]],
  ["accept-encoding", ["gzip, br, zstd"]],
];

function mutatedHeaders(random: Random): Record<string, string> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
  };
  if (chance(random, 0.3)) headers["anthropic-version"] = "2023-06-01";
  while (chance(random, 0.25)) {
    const [name, values] = pick(random, HEADERS);
    headers[name] = pick(random, values);
  }
  return headers;
}
