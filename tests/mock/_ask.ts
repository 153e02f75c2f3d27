/**
 * Questions as clients of both dialects send them, and how their streams are read.
 *
 * @module
 */

import type { Fetch } from "../../lib/mock/fetch.ts";

/** How a question is asked besides. */
export interface Asking {
  readonly model?: string;
  readonly stream?: boolean;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly system?: string;
}

/** Asks OpenAI's chat completions. */
export function post(
  fetch: Fetch,
  prompt: string,
  { model = "gpt-4o", stream = false, headers, signal, system }: Asking = {},
): Promise<Response> {
  const messages = [
    ...system === undefined ? [] : [{ role: "system", content: system }],
    { role: "user", content: prompt },
  ];
  return fetch("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model, stream, messages }),
    ...signal && { signal },
  });
}

/** Asks, and gives the words of the answer; a refusal's are its status and message. */
export async function ask(
  fetch: Fetch,
  prompt: string,
  asking: Omit<Asking, "stream"> = {},
): Promise<string> {
  const response = await post(fetch, prompt, asking);
  const body = await response.json();
  return response.ok
    ? body.choices[0].message.content
    : `${response.status} ${body.error.message}`;
}

/** The deltas of a stream, as they come. */
export async function* deltas(response: Response): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    rest += decoder.decode(bytes, { stream: true });
    const events = rest.split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const data = event.replace(/^data: /, "");
      if (data === "[DONE]") continue;
      const { content } = JSON.parse(data).choices[0]?.delta ?? {};
      if (content) yield content;
    }
  }
}
