// The loops of Vercel's AI SDK, and its structured answers: objects, partial objects, and what
// does not fit.

import assert from "node:assert/strict";
import {
  generateObject,
  generateText,
  jsonSchema,
  NoObjectGeneratedError,
  Output,
  stepCountIs,
  streamObject,
  streamText,
  tool,
  ToolLoopAgent,
} from "ai";
import * as z from "zod";
import { MODELS } from "./_ai.ts";
import { collect, sdkTests } from "./_server.ts";
import {
  CITY,
  ONE_CALL,
  QUESTION,
  REPORT,
  REPORT_RULE,
  STEPS,
  STEPS_CALLS,
  SUNNY,
  Tools,
} from "./_weather.ts";

const test = sdkTests();

const ASKED = { prompt: QUESTION, maxRetries: 0, stopWhen: stepCountIs(9) };

function toolsFor(tools: Tools) {
  return {
    get_weather: tool({
      inputSchema: jsonSchema<{ city: string }>(CITY),
      execute: tools.weather,
    }),
    get_time: tool({
      inputSchema: jsonSchema<object>({ type: "object", properties: {} }),
      execute: tools.time,
    }),
  };
}

const schema = z.object({
  city: z.string(),
  degrees: z.number(),
  sky: z.array(z.string()),
  said: z.string(),
});

for (const [name, makeModel] of Object.entries(MODELS)) {
  test(`ai generateText with ${name}: a loop of one call ends in words`, async (server) => {
    await server.use(...ONE_CALL);
    const tools = new Tools();
    const result = await generateText({
      ...ASKED,
      model: makeModel(server),
      tools: toolsFor(tools),
    });
    assert.equal(result.text, SUNNY);
    assert.equal(result.finishReason, "stop");
    assert.deepEqual(tools.calls, [{ city: "Paris" }]);
    const [first] = result.steps;
    assert.equal(first?.finishReason, "tool-calls");
    assert.equal(first?.text, "Let me look.");
  });

  test(`ai generateText with ${name}: step by step; the usage is the sum`, async (server) => {
    await server.use(...STEPS);
    const tools = new Tools();
    const result = await generateText({
      ...ASKED,
      model: makeModel(server),
      tools: toolsFor(tools),
    });
    assert.equal(result.text, SUNNY);
    assert.equal(result.steps.length, 3);
    assert.deepEqual(tools.calls, STEPS_CALLS);
    const asked = await server.asked();
    const sum = (side: "input" | "output") =>
      asked.reduce((tokens, { usage }) => tokens + (usage?.[side] ?? 0), 0);
    assert.equal(result.usage.inputTokens, sum("input"));
    assert.equal(result.usage.outputTokens, sum("output"));
  });

  test(`ai streamText with ${name}: step by step; input of calls comes in fragments`, async (server) => {
    await server.use(...STEPS);
    const tools = new Tools();
    const result = streamText({
      ...ASKED,
      model: makeModel(server),
      tools: toolsFor(tools),
    });
    const parts = await collect(result.fullStream);
    const fragments = parts.flatMap((part) =>
      part.type === "tool-input-delta" ? [part.delta] : []
    );
    // Of no arguments Anthropic streams nothing.
    assert.match(
      fragments.join(""),
      /^{"city": ?"Paris"}{"city": ?"Rome"}({})?$/,
    );
    assert.ok(fragments.length > 4, "they came in pieces");
    assert.equal(await result.text, SUNNY);
    assert.equal((await result.steps).length, 3);
    assert.deepEqual(tools.calls, STEPS_CALLS);
  });

  test(`ai ToolLoopAgent with ${name}: ends in words`, async (server) => {
    await server.use(...STEPS);
    const tools = new Tools();
    const agent = new ToolLoopAgent({
      model: makeModel(server),
      tools: toolsFor(tools),
    });
    const { text } = await agent.generate({ prompt: QUESTION });
    assert.equal(text, SUNNY);
    assert.deepEqual(tools.calls, STEPS_CALLS);
  });

  test(`ai generateObject with ${name}: gives the scripted object`, async (server) => {
    await server.use(REPORT_RULE);
    const { object, finishReason } = await generateObject({
      model: makeModel(server),
      prompt: QUESTION,
      schema,
    });
    assert.deepEqual(object, REPORT);
    assert.equal(finishReason, "stop");
  });

  test(`ai streamObject with ${name}: the object grows`, async (server) => {
    await server.use(REPORT_RULE);
    const result = streamObject({
      model: makeModel(server),
      prompt: QUESTION,
      schema,
    });
    const partial = await collect(result.partialObjectStream);
    assert.deepEqual(await result.object, REPORT);
    assert.deepEqual(partial.at(-1), REPORT);
    assert.ok(partial.length > 2, "it came in pieces");
  });

  test(`ai generateObject with ${name}: an object that violates the schema is served as written, and refused by the SDK`, async (server) => {
    await server.use({ reply: { json: { city: 7 } } });
    await assert.rejects(
      generateObject({ model: makeModel(server), prompt: QUESTION, schema }),
      (error) => {
        assert.ok(NoObjectGeneratedError.isInstance(error), String(error));
        assert.deepEqual(JSON.parse(error.text ?? ""), { city: 7 });
        return true;
      },
    );
  });

  test(`ai Output.object with ${name}: words and objects by one call`, async (server) => {
    await server.use(REPORT_RULE);
    const { output } = await generateText({
      ...ASKED,
      model: makeModel(server),
      output: Output.object({ schema }),
    });
    assert.deepEqual(output, REPORT);
  });
}
