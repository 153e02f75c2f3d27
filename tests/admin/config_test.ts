import assert from "node:assert/strict";
import type { Problem } from "../../lib/core/problem.ts";
import { testAdmin } from "../support/admin.ts";
import { testConfig } from "../support/app.ts";
import { rule } from "../support/rules.ts";

const problem: Problem = {
  severity: "error",
  code: "unknown-key",
  message: 'Unknown key "respones"',
  place: { file: "r.yml", line: 3, column: 1, path: "respones" },
  line: "respones:",
  length: 8,
  remedy: 'Did you mean "responses"?',
};

const told = {
  severity: "error",
  code: "unknown-key",
  message: 'Unknown key "respones"',
  file: "r.yml",
  line: 3,
  column: 1,
  path: "respones",
  remedy: 'Did you mean "responses"?',
};

Deno.test("GET /_mock/config: what is in force, and what is wrong with the file", async () => {
  const config = testConfig({
    rules: [rule("a")],
    responses: { hi: "hello" },
    models: ["gpt-4o"],
    settings: { seed: 5 },
  });
  const admin = testAdmin({
    config: () => config,
    configError: () => "r.yml:3:1: Unknown key",
  });
  admin.coverage.count({ type: "rule", name: "a", place: "" });
  const { status, body } = await admin.ask("GET /_mock/config");
  assert.equal(status, 200);
  assert.deepEqual(body, {
    version: "1.2.3",
    source: "test.yml",
    config_error: "r.yml:3:1: Unknown key",
    rules: [{ name: "a", place: "test.yml:1", hits: 1 }],
    responses: 1,
    default: { text: "I don't know.", place: "test.yml:1" },
    models: ["gpt-4o"],
    paces: [],
    settings: {
      stream_by: "character",
      pace: {
        first_ms: { type: "fixed", ms: 0 },
        unit_ms: { type: "fixed", ms: 0 },
        unit: "chunk",
      },
      reasoning_content: false,
      tokenizer: "approx",
      strict: false,
      known_models_only: false,
      seed: 5,
      headers: "provider",
      max_body_bytes: 33_554_432,
    },
  });
});

Deno.test("POST /_mock/reload: what came of it; a file that cannot be used is a 422 with its problems", async () => {
  const warned = { ...problem, severity: "warning" } as const;
  for (
    const [result, said] of [
      [{ ok: true, problems: [] }, {
        status: 200,
        body: { source: "test.yml" },
      }],
      [{ ok: true, problems: [warned] }, {
        status: 200,
        body: {
          source: "test.yml",
          warnings: [{ ...told, severity: "warning" }],
        },
      }],
      [{ ok: false, problems: [problem] }, {
        status: 422,
        body: {
          error: {
            message: "test.yml cannot be used. What was in force stays",
            problems: [told],
          },
        },
      }],
    ] as const
  ) {
    const reload = () => Promise.resolve(result);
    const admin = testAdmin({ reload });
    assert.deepEqual(await admin.ask("POST /_mock/reload"), said);
  }
});

Deno.test("POST /_mock/reload: without a file there is nothing to read", async () => {
  const { status, body } = await testAdmin().ask("POST /_mock/reload");
  assert.equal(status, 409);
  assert.match(body.error.message, /^There is no file to read again/);
});
