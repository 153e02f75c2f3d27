/**
 * A small assistant: the program that the examples beside it test. It knows no mock, only a
 * client that it is given.
 *
 * @module
 */

import type OpenAI from "openai";

const MODEL = "gpt-4o";
const SYSTEM = "You are a patient gardener. Answer in one sentence.";

/** Answers a question. */
export async function ask(client: OpenAI, question: string): Promise<string> {
  const { choices } = await client.chat.completions.create({
    model: MODEL,
    messages: [
      { role: "system", content: SYSTEM },
      { role: "user", content: question },
    ],
  });
  return choices[0]?.message.content ?? "";
}

/** Shows an answer piece by piece, until `stop` is pressed. */
export async function show(
  client: OpenAI,
  question: string,
  piece: (text: string) => void,
  stop: AbortSignal,
): Promise<void> {
  const messages = [{ role: "user" as const, content: question }];
  const asked = { model: MODEL, messages, stream: true as const };
  try {
    const stream = await client.chat.completions.create(asked, {
      signal: stop,
    });
    for await (const { choices } of stream) {
      const text = choices[0]?.delta.content;
      if (text && !stop.aborted) piece(text);
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

/** Answers a question with the help of what `look` finds out about the weather of a city. */
export async function advise(
  client: OpenAI,
  question: string,
  look: (city: string) => string,
): Promise<string> {
  const runner = client.chat.completions.runTools({
    model: MODEL,
    messages: [{ role: "user", content: question }],
    tools: [{
      type: "function",
      function: {
        name: "get_weather",
        description: "The weather of a city",
        parameters: {
          type: "object",
          properties: { city: { type: "string" } },
          required: ["city"],
        },
        parse: (text: string) => JSON.parse(text) as { city: string },
        function: ({ city }: { city: string }) => look(city),
      },
    }],
  });
  return await runner.finalContent() ?? "";
}

/** Says what follows from what a tool has found. */
export async function conclude(
  client: OpenAI,
  question: string,
  found: string,
): Promise<string> {
  const call = {
    id: "call_1",
    type: "function" as const,
    function: { name: "get_weather", arguments: '{"city":"Paris"}' },
  };
  const { choices } = await client.chat.completions.create({
    model: MODEL,
    messages: [
      { role: "user", content: question },
      { role: "assistant", tool_calls: [call] },
      { role: "tool", tool_call_id: call.id, content: found },
    ],
  });
  return choices[0]?.message.content ?? "";
}
