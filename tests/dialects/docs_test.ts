/**
 * `docs/dialects.md`: what is said of each parameter of a request is what becomes of it. A
 * question is put without and with the parameter, to a server that has nothing else to draw
 * from: what is accepted leaves the answer as it is, byte for byte, and what is applied does not.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { anthropicParameters } from "../../lib/dialects/_anthropic_options.ts";
import { openaiParameters } from "../../lib/dialects/_openai_options.ts";
import type { BlockSpec, ReplySpec } from "../../lib/match/rule.ts";
import { json, testApp } from "../support/app.ts";
import { reply, rule } from "../support/rules.ts";
import { calling, result, tool } from "./_openai.ts";
import { results, using } from "./_anthropic.ts";

const DIALECTS = ["openai_chat", "anthropic_messages"] as const;
type DialectName = typeof DIALECTS[number];

/** How a parameter is asked for. */
interface Probe {
  /** What is put into the question. */
  readonly with: Readonly<Record<string, unknown>>;
  /** What is in it without the parameter too. */
  readonly beside?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is answered, where it is not a plain text. */
  readonly says?: readonly BlockSpec[];
}

/** Two calls, for what a request may want of calls. */
const CALLS: readonly BlockSpec[] = [
  { type: "tool-call", name: "f", text: "{}", id: "call_1" },
  { type: "tool-call", name: "f", text: '{"a":1}', id: "call_2" },
];

/** Thoughts and words. */
const THOUGHTS: readonly BlockSpec[] = [
  { type: "reasoning", text: "Let me see." },
  { type: "text", text: "Four." },
];

const USER = { role: "user", content: "hi" };
const SCHEMA = { type: "object", properties: {} };
const OFFERED = tool("f", { parameters: SCHEMA });
const CUSTOM = { name: "f", input_schema: SCHEMA };
const THINKING = { type: "enabled", budget_tokens: 2_048 };

/** A user message that holds `part` too. */
function holding(part: Record<string, unknown>): Probe["with"] {
  return {
    messages: [{ role: "user", content: [{ type: "text", text: "hi" }, part] }],
  };
}

/** The same words without it. */
const HELD = {
  messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
};

const OPENAI: Readonly<Record<string, Probe>> = {
  "`model`": { with: { model: "other" } },
  "`messages`": { with: { messages: [USER, USER] } },
  "`messages` with an unanswered tool call": {
    with: { messages: [USER, calling("c"), USER] },
  },
  "`messages` with a result of no tool call": {
    with: { messages: [USER, result("c")] },
  },
  "`messages` with names that none can have": {
    with: { messages: [{ ...USER, name: "Jo Doe" }] },
  },
  "`messages` with parts of no known type": { with: holding({ type: "x" }) },
  "`messages` with images": {
    with: holding({
      type: "image_url",
      image_url: { url: "https://example.com/a.png" },
    }),
    beside: HELD,
  },
  "`messages` with documents": {
    with: holding({ type: "file", file: { file_id: "file-1" } }),
    beside: HELD,
  },
  "`messages` with audio": {
    with: holding({
      type: "input_audio",
      input_audio: { data: "AA==", format: "wav" },
    }),
    beside: HELD,
  },
  "`stream`": { with: { stream: true } },
  "`stream_options.include_usage`": {
    with: { stream_options: { include_usage: true } },
    beside: { stream: true },
  },
  "`stream_options.include_obfuscation`": {
    with: { stream_options: { include_obfuscation: false } },
    beside: { stream: true },
  },
  "`stream_options` without `stream`": {
    with: { stream_options: { include_usage: true } },
  },
  "`max_tokens`": { with: { max_tokens: 2 } },
  "`max_tokens` of a model that reasons": {
    with: { model: "gpt-5-mini", max_tokens: 2 },
  },
  "`max_completion_tokens`": { with: { max_completion_tokens: 2 } },
  "`stop`": { with: { stop: "four" } },
  "`n`": { with: { n: 2 } },
  "`logprobs`": { with: { logprobs: true } },
  "`top_logprobs`": {
    with: { top_logprobs: 2 },
    beside: { logprobs: true },
  },
  "`top_logprobs` without `logprobs`": { with: { top_logprobs: 2 } },
  "`seed`": { with: { seed: 7 }, beside: { logprobs: true } },
  "`temperature`": { with: { temperature: 0.5 } },
  "`temperature` of a model that reasons": {
    with: { model: "o3", temperature: 0.5 },
  },
  "`top_p`": { with: { top_p: 0.5 } },
  "`frequency_penalty`": { with: { frequency_penalty: 1 } },
  "`presence_penalty`": { with: { presence_penalty: 1 } },
  "`logit_bias`": { with: { logit_bias: { "7": 100 } } },
  "`tools`": { with: { tools: [OFFERED] } },
  "`tools` with types that there are not": {
    with: { tools: [tool("f", { parameters: { type: "OBJECT" } })] },
  },
  "`tools` of the type `custom`": {
    with: { tools: [{ type: "custom", custom: { name: "f" } }] },
    beside: { tools: [OFFERED] },
    says: CALLS,
  },
  "`tool_choice`": {
    with: { tool_choice: "none" },
    beside: { tools: [OFFERED] },
    says: CALLS,
  },
  "`tool_choice` without `tools`": { with: { tool_choice: "required" } },
  "`tool_choice` of a tool that is not offered": {
    with: { tool_choice: tool("g"), tools: [OFFERED] },
  },
  "`tool_choice.allowed_tools`": {
    with: {
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "auto", tools: [tool("g")] },
      },
    },
    beside: { tools: [OFFERED, tool("g")], tool_choice: "auto" },
    says: CALLS,
  },
  "`parallel_tool_calls`": {
    with: { parallel_tool_calls: false },
    beside: { tools: [OFFERED] },
    says: CALLS,
  },
  "`functions`": {
    with: { functions: [{ name: "f", parameters: SCHEMA }] },
    says: CALLS,
  },
  "`function_call`": {
    with: { function_call: "none" },
    beside: { functions: [{ name: "f", parameters: SCHEMA }] },
    says: CALLS,
  },
  "`response_format`": {
    with: {
      response_format: {
        type: "json_schema",
        json_schema: { name: "x", schema: SCHEMA },
      },
    },
  },
  "`response_format` of JSON without the word": {
    with: { response_format: { type: "json_object" } },
  },
  "`reasoning_effort`": {
    with: { reasoning_effort: "none" },
    beside: { model: "gpt-5.1" },
    says: THOUGHTS,
  },
  "`reasoning_effort` of a model that does not reason": {
    with: { reasoning_effort: "low" },
  },
  "`verbosity`": { with: { verbosity: "high" } },
  "`service_tier`": { with: { service_tier: "flex" } },
  "`modalities`": { with: { modalities: ["text"] } },
  "`modalities` with audio": { with: { modalities: ["text", "audio"] } },
  "`audio`": { with: { audio: { voice: "alloy", format: "wav" } } },
  "`prediction`": { with: { prediction: { type: "content", content: "x" } } },
  "`moderation`": { with: { moderation: {} } },
  "`web_search_options`": {
    with: { web_search_options: {} },
    beside: { model: "gpt-4o-search-preview" },
  },
  "`web_search_options` of a model that does not search": {
    with: { web_search_options: {} },
  },
  "`store`": { with: { store: true } },
  "`metadata`": { with: { metadata: { a: "b" } } },
  "`user`": { with: { user: "me" } },
  "`safety_identifier`": { with: { safety_identifier: "me" } },
  "`prompt_cache_key`": { with: { prompt_cache_key: "x" } },
  "`prompt_cache_options`": { with: { prompt_cache_options: {} } },
  "`prompt_cache_retention`": { with: { prompt_cache_retention: "24h" } },
};

const NEWER = { "anthropic-version": "2026-10-21" };

/** A conversation in which one of them says this block. */
function said(role: string, block: Record<string, unknown>): Probe["with"] {
  return { messages: [USER, { role, content: [block] }, USER] };
}

/** A question in so many blocks, each to be cached. */
function marked(count: number): Probe["with"] {
  const cache_control = { type: "ephemeral" };
  const block = { type: "text", text: "hi", cache_control };
  return { messages: [{ role: "user", content: Array(count).fill(block) }] };
}

const ANTHROPIC: Readonly<Record<string, Probe>> = {
  "`model`": { with: { model: "other" } },
  "`messages`": { with: { messages: [USER, USER] } },
  "`messages` with an unanswered tool call": {
    with: { messages: [USER, using("t"), USER] },
  },
  "`messages` with a result of no tool call": {
    with: { messages: [results("t")] },
  },
  "`messages` with parts of no known type": { with: holding({ type: "x" }) },
  "`messages` with images": {
    with: holding({ type: "image", source: { type: "file", file_id: "f" } }),
    beside: HELD,
  },
  "`messages` with documents": {
    with: holding({ type: "document", source: { type: "file", file_id: "f" } }),
    beside: HELD,
  },
  "`messages` with documents from the assistant": {
    with: said("assistant", {
      type: "document",
      source: { type: "text", media_type: "text/plain", data: "x" },
    }),
    headers: NEWER,
  },
  "`messages` with citations from the user": {
    with: said("user", {
      type: "text",
      text: "x",
      citations: [{ type: "char_location" }],
    }),
    headers: NEWER,
  },
  "`messages` with thoughts that are not signed": {
    with: said("assistant", { type: "thinking", thinking: "x" }),
  },
  "`messages` with calls, but not the thoughts before them": {
    with: { thinking: THINKING },
    beside: { messages: [USER, using("t"), results("t")] },
  },
  "`messages` with text before a result": {
    with: { messages: [USER, using("t"), USER, results("t")] },
    beside: { messages: [USER, using("t"), results("t"), USER] },
  },
  "`messages` with text that is empty": {
    with: holding({ type: "text", text: "" }),
  },
  "`messages` whose last, the assistant's, ends in white space": {
    with: { messages: [USER, { role: "assistant", content: "Well, " }] },
    beside: { messages: [USER, { role: "assistant", content: "Well," }] },
  },
  "`system`": { with: { system: "Be brief." } },
  "`stream`": { with: { stream: true } },
  "`max_tokens`": { with: { max_tokens: 2 } },
  "`stop_sequences`": { with: { stop_sequences: ["four"] } },
  "`temperature`": { with: { temperature: 0.5 } },
  "`temperature` under 2026-10-21": {
    with: { temperature: 1 },
    headers: NEWER,
  },
  "`temperature` beside thinking": {
    with: { temperature: 0.5, thinking: THINKING },
  },
  "`top_p`": { with: { top_p: 0.5 } },
  "`top_k`": { with: { top_k: 5 } },
  "`tools`": { with: { tools: [CUSTOM] } },
  "`tool_choice`": {
    with: { tool_choice: { type: "none" } },
    beside: { tools: [CUSTOM] },
    says: CALLS,
  },
  "`tool_choice` without `tools`": { with: { tool_choice: { type: "any" } } },
  "`tool_choice` of a tool that is not offered": {
    with: { tool_choice: { type: "tool", name: "g" }, tools: [CUSTOM] },
  },
  "`tool_choice.disable_parallel_tool_use`": {
    with: { tool_choice: { type: "auto", disable_parallel_tool_use: true } },
    beside: { tools: [CUSTOM], tool_choice: { type: "auto" } },
    says: CALLS,
  },
  "`output_config`": {
    with: {
      output_config: {
        effort: "low",
        format: { type: "json_schema", schema: SCHEMA },
      },
    },
  },
  "`output_format`": {
    with: { output_format: { type: "json_schema", schema: SCHEMA } },
  },
  "`thinking`": { with: { thinking: THINKING }, says: THOUGHTS },
  "`thinking.display`": {
    with: { thinking: { ...THINKING, display: "omitted" } },
    beside: { thinking: THINKING },
    says: THOUGHTS,
  },
  "`thinking` with a budget of `max_tokens` or more": {
    with: { thinking: { type: "enabled", budget_tokens: 4_096 } },
  },
  "`thinking` beside a forced tool call": {
    with: {
      thinking: THINKING,
      tools: [CUSTOM],
      tool_choice: { type: "any" },
    },
  },
  "`service_tier`": { with: { service_tier: "standard_only" } },
  "`speed`": { with: { speed: "fast" } },
  "`metadata`": { with: { metadata: { user_id: "me" } } },
  "`cache_control`": { with: { cache_control: { type: "ephemeral" } } },
  "`cache_control` more than four times": {
    with: marked(5),
    beside: marked(4),
  },
  "`cache_control` of another type than `ephemeral`": {
    with: { cache_control: { type: "persistent" } },
  },
  "`context_management`": { with: { context_management: { edits: [] } } },
  "`mcp_servers`": { with: { mcp_servers: [] } },
  "`inference_geo`": { with: { inference_geo: "eu" } },
  "`user_profile_id`": { with: { user_profile_id: "x" } },
  "`workspace_id`": { with: { workspace_id: "x" } },
  "`thread`": { with: { thread: { type: "create" } } },
};

const PROBES = { openai_chat: OPENAI, anthropic_messages: ANTHROPIC };

const ASK = {
  openai_chat: {
    path: "/v1/chat/completions",
    body: { model: "gpt-4o", messages: [USER] },
    headers: {},
  },
  anthropic_messages: {
    path: "/v1/messages",
    body: { model: "claude", max_tokens: 4_096, messages: [USER] },
    headers: { "anthropic-version": "2023-06-01" },
  },
};

/** Long enough to be cut, and with something to stop at. */
const SAID = "One two three four five six seven eight nine ten.";

async function ask(
  dialect: DialectName,
  more: Probe["with"],
  { headers, says }: Probe,
): Promise<{ readonly status: number; readonly text: string }> {
  const { path, body, headers: usual } = ASK[dialect];
  const rules = says === undefined ? [] : [
    rule("says", {}, { replies: [reply({ type: "blocks", blocks: says })] }),
  ];
  const app = testApp({ unknown: SAID, rules });
  const all = { "x-mock-seed": "1", ...usual, ...headers };
  const response = await app.fetch(path, json({ ...body, ...more }, all));
  return { status: response.status, text: await response.text() };
}

/** What becomes of a parameter, in the words of the table. */
async function fate(dialect: DialectName, probe: Probe): Promise<string> {
  const without = await ask(dialect, probe.beside ?? {}, probe);
  assert.equal(without.status, 200, without.text);
  const answer = await ask(
    dialect,
    { ...probe.beside, ...probe.with },
    probe,
  );
  if (answer.status === 400) return "refused";
  assert.equal(answer.status, 200, answer.text);
  return answer.text === without.text ? "accepted" : "applied";
}

/** The rows of the table: a parameter, and what is said of it for each dialect. */
function rows(): { name: string; told: Record<DialectName, string> }[] {
  return cells("## Request parameters").map(
    ([name = "", openai = "", anthropic = ""]) => ({
      name,
      told: { openai_chat: openai, anthropic_messages: anthropic },
    }),
  );
}

for (const { name, told } of rows()) {
  for (const dialect of DIALECTS) {
    Deno.test(`docs/dialects.md: ${dialect}: ${name} is ${told[dialect]}`, async () => {
      const probe = PROBES[dialect][name];
      if (probe === undefined) assert.equal(told[dialect], "–");
      else assert.equal(told[dialect], await fate(dialect, probe));
    });
  }
}

Deno.test("docs/dialects.md has a row for every parameter that is judged, and for every one asked for here", () => {
  const named = new Set(rows().map(({ name }) => name));
  const judged = [...openaiParameters, ...anthropicParameters];
  for (
    const name of [
      ...judged.map((name) => `\`${name}\``),
      ...Object.keys(OPENAI),
      ...Object.keys(ANTHROPIC),
    ]
  ) assert.ok(named.has(name), name);
});

Deno.test("docs/dialects.md has no row twice", () => {
  const names = rows().map(({ name }) => name);
  assert.deepEqual([...new Set(names)], names);
});

/** What is answered, by the row of the table of endings that tells how it ends. */
const ENDINGS: Readonly<Record<string, Omit<ReplySpec, "place">>> = {
  "nothing else": says([{ type: "text", text: "Four." }]),
  "calls of tools": says(CALLS),
  "`refusal`": says([{ type: "refusal", text: "No." }]),
  "`length`": says([{ type: "text", text: "Fo" }], "length"),
  "`content_filter`": says([{ type: "text", text: "Fo" }], "content-filter"),
  "`pause_turn`": says([{ type: "text", text: "Fo" }], "pause"),
  "`model_context_window_exceeded`": says(
    [{ type: "text", text: "Fo" }],
    "context-window",
  ),
};

function says(
  blocks: readonly BlockSpec[],
  finish?: ReplySpec["finish"],
): Omit<ReplySpec, "place"> {
  return { content: { type: "blocks", blocks }, ...(finish && { finish }) };
}

/** Why the answer of this dialect ends, in its own words. */
async function endOf(
  dialect: DialectName,
  said: Omit<ReplySpec, "place">,
): Promise<unknown> {
  const { path, body, headers } = ASK[dialect];
  const replies = [{ place: "test.yml:3", ...said }] as const;
  const app = testApp({ rules: [rule("ends", {}, { replies })] });
  const answer = await (await app.fetch(path, json(body, headers))).json();
  return answer.stop_reason ?? answer.choices[0].finish_reason;
}

Deno.test("docs/dialects.md tells in which words answers end", async () => {
  const told = cells("## Endings");
  // Only a request can bring this about.
  const [stopped] = told.splice(
    told.findIndex(([name]) => name === "a stop text of the request"),
    1,
  );
  assert.deepEqual(stopped?.slice(1), ["`stop`", "`stop_sequence`"]);
  assert.deepEqual(
    told.map(([name]) => name).sort(),
    Object.keys(ENDINGS).sort(),
  );
  for (const [name = "", ...words] of told) {
    for (const [at, dialect] of DIALECTS.entries()) {
      const said = ENDINGS[name];
      assert.ok(said);
      const [, word] = /`(\w+)`/.exec(words[at] ?? "") ?? [];
      assert.equal(await endOf(dialect, said), word, name);
    }
  }
});

/** The cells of the table below a heading, without those at its top. */
function cells(heading: string): string[][] {
  const url = new URL("../../docs/dialects.md", import.meta.url);
  const [, section = ""] = readFileSync(url, "utf8").split(heading);
  const [table = ""] = section.split("\n## ");
  return table.split("\n").filter((line) => line.startsWith("|")).slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}
