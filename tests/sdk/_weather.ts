/**
 * A conversation that agents have: they are asked for the weather, look it up, and say it.
 *
 * @module
 */

import type { MockRule } from "../../main.ts";

/** What the tool takes. */
export const CITY = {
  type: "object" as const,
  properties: { city: { type: "string" as const } },
  required: ["city"],
  additionalProperties: false,
};

/** What is asked. */
export const QUESTION = "How is the weather in Paris?";

/** What it comes to. */
export const SUNNY = "It is sunny in Paris.";

/** A tool is called, and then what it found is put into words. */
export const ONE_CALL: readonly MockRule[] = [
  {
    name: "weather",
    when: { prompt: "*weather*", tools: "get_weather" },
    reply: {
      reasoning: "I should look.",
      text: "Let me look.",
      tool_calls: { name: "get_weather", arguments: { city: "Paris" } },
    },
  },
  { name: "after the tool", when: { tool_result: "sunny" }, reply: SUNNY },
];

/** Two tools at once, then one without arguments, then words. */
export const STEPS: readonly MockRule[] = [{
  replies: [
    {
      tool_calls: [
        { name: "get_weather", arguments: { city: "Paris" } },
        { name: "get_weather", arguments: '{"city": "Rome"}', id: "call_rome" },
      ],
    },
    { tool_calls: { name: "get_time" } },
    SUNNY,
  ],
}];

/** What tools are called with on the way through {@linkcode STEPS}. */
export const STEPS_CALLS = [{ city: "Paris" }, { city: "Rome" }, {}];

/** A structured answer, and the rule that gives it. */
export const REPORT = {
  city: "Paris",
  degrees: 21,
  sky: ["blue", "青い"],
  said: "Warm for the time of the year",
};

/** Answers with {@linkcode REPORT} where JSON is asked for. */
export const REPORT_RULE: MockRule = {
  when: { response_format: "json_schema" },
  reply: { json: REPORT },
};

/** Tools that remember what they were called with. */
export class Tools {
  /** What they were called with, in order. */
  readonly calls: unknown[] = [];

  /** `get_weather`. */
  readonly weather = (given: unknown): string => this.#answer(given, "sunny");

  /** `get_time`. */
  readonly time = (given: unknown): string => this.#answer(given, "noon");

  #answer(given: unknown, result: string): string {
    this.calls.push(given);
    return result;
  }
}
