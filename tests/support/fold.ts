/**
 * Reads streams back the way a careful client would, in every dialect: for laws that hold for
 * all of them.
 *
 * @module
 */

import assert from "node:assert/strict";

/** What a client knows after a reply, however it came. */
export interface Folded {
  readonly text: string;
  readonly finish: string | null;
  readonly model: string;
  readonly id: string;
  readonly output: number | undefined;
  readonly input: number | undefined;
  /** The pieces of text as they came; one for a regular reply. */
  readonly deltas: readonly string[];
}

/** One server-sent event. */
export interface SseEvent {
  readonly event: string | undefined;
  readonly data: string;
}

/** Splits a stream into its events, and fails on anything that is none. */
export function sseEvents(text: string): SseEvent[] {
  assert.ok(text.endsWith("\n\n"), "a stream ends with a whole event");
  return text.slice(0, -2).split("\n\n").map((block) => {
    const match = /^(?:event: ([^\n]*)\n)?data: ([^\n]*)$/.exec(block);
    assert.ok(match, `not an event: ${block.slice(0, 200)}`);
    return { event: match[1], data: match[2] ?? "" };
  });
}

/** How each dialect is asked and read. */
export interface Reader {
  readonly path: string;
  /** A request body with one user message. */
  body(prompt: string, stream: boolean): Record<string, unknown>;
  readonly headers: Record<string, string>;
  /** What a body holds besides, to end an answer early. */
  terms(maxTokens: number, stop: readonly string[]): Record<string, unknown>;
  /** How the dialect says that there was no more to say, that there were too many tokens, that a text came up. */
  readonly ends: readonly [string, string, string];
  /** Reads a regular reply. */
  whole(text: string): Folded;
  /** Reads a stream. */
  stream(text: string): Folded;
}

// deno-lint-ignore no-explicit-any
type Json = any;

/** One reader for each chat dialect of the registry; a test says when one is missing. */
export const readers: Readonly<Record<string, Reader>> = {
  openai_chat: {
    path: "/v1/chat/completions",
    body: (prompt, stream) => ({
      model: "gpt-4o",
      messages: [{ role: "user", content: prompt }],
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
    }),
    headers: {},
    terms: (max_tokens, stop) => ({ max_tokens, stop }),
    ends: ["stop", "length", "stop"],
    whole(text) {
      const body: Json = JSON.parse(text);
      const [choice] = body.choices;
      const { content } = choice.message;
      return {
        text: content,
        deltas: [content],
        finish: choice.finish_reason,
        model: body.model,
        id: body.id,
        output: body.usage.completion_tokens,
        input: body.usage.prompt_tokens,
      };
    },
    stream(text) {
      const events = sseEvents(text);
      assert.equal(events.pop()?.data, "[DONE]");
      const chunks: Json[] = events.map(({ data }) => JSON.parse(data));
      const deltas = chunks.slice(1).flatMap(({ choices }) =>
        choices[0]?.delta.content ?? []
      );
      const usage = chunks.at(-1).usage;
      return {
        text: deltas.join(""),
        deltas,
        finish: chunks.findLast(({ choices }) => choices[0]?.finish_reason)
          ?.choices[0].finish_reason,
        model: chunks[0].model,
        id: chunks[0].id,
        output: usage?.completion_tokens,
        input: usage?.prompt_tokens,
      };
    },
  },
  anthropic_messages: {
    path: "/v1/messages",
    body: (prompt, stream) => ({
      model: "claude-sonnet-4-5",
      max_tokens: 1_000,
      messages: [{ role: "user", content: prompt }],
      stream,
    }),
    headers: { "anthropic-version": "2023-06-01" },
    terms: (max_tokens, stop_sequences) => ({ max_tokens, stop_sequences }),
    ends: ["end_turn", "max_tokens", "stop_sequence"],
    whole(text) {
      const body: Json = JSON.parse(text);
      const content = body.content.map((block: Json) => block.text).join("");
      return {
        text: content,
        deltas: [content],
        finish: body.stop_reason,
        model: body.model,
        id: body.id,
        output: body.usage.output_tokens,
        input: body.usage.input_tokens,
      };
    },
    stream(text) {
      const events: Json[] = sseEvents(text).map(({ event, data }) => {
        assert.equal(JSON.parse(data).type, event);
        return JSON.parse(data);
      });
      const of = (type: string): Json =>
        events.find((event) => event.type === type);
      const deltas = events.filter(({ type }) => type === "content_block_delta")
        .map(({ delta }) => delta.text);
      return {
        text: deltas.join(""),
        deltas,
        finish: of("message_delta").delta.stop_reason,
        model: of("message_start").message.model,
        id: of("message_start").message.id,
        output: of("message_delta").usage.output_tokens,
        input: of("message_start").message.usage.input_tokens,
      };
    },
  },
};
