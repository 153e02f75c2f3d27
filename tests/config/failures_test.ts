import assert from "node:assert/strict";
import {
  FAILURE_NAMES,
  namedFailure,
  ownFailure,
} from "../../lib/config/failures.ts";
import { dialects } from "../../lib/dialects/registry.ts";

Deno.test("every name is an error that each dialect has words for", () => {
  for (const name of FAILURE_NAMES) {
    const failure = { ...namedFailure(name), subject: "gpt-4o" };
    for (const dialect of dialects) {
      const { status, body } = dialect.refuse(failure, {});
      assert.ok(status >= 400 && status < 600, name);
      const { message } = JSON.parse(body).error;
      assert.ok(message.length > 5, `${dialect.name} ${name}: ${message}`);
      assert.doesNotMatch(message, /could not be answered|undefined/, name);
    }
  }
});

Deno.test("every status is refused with that status, and with words", () => {
  for (let status = 400; status < 600; status++) {
    const failure = ownFailure({ status }, {});
    for (const dialect of dialects) {
      const refusal = dialect.refuse(failure, {});
      assert.equal(refusal.status, status);
      const { message, type } = JSON.parse(refusal.body).error;
      assert.ok(message.length > 5 && type.length > 3, String(status));
      assert.doesNotMatch(message, /could not be answered/, String(status));
    }
  }
});

Deno.test("what follows from the status can be said instead", () => {
  assert.deepEqual(
    ownFailure(
      { status: 429, type: "tokens", code: "x", message: "Slow down." },
      { "x-a": "b" },
    ),
    {
      type: "failure",
      kind: "rate-limit",
      status: 429,
      errorType: "tokens",
      code: "x",
      message: "Slow down.",
      headers: { "x-a": "b" },
    },
  );
});

const RETRIES: Record<number, Record<string, string>> = {
  0: { "retry-after": "0" },
  2_000: { "retry-after": "2" },
  1_500: { "retry-after": "2", "retry-after-ms": "1500" },
  1: { "retry-after": "1", "retry-after-ms": "1" },
};
for (const [ms, headers] of Object.entries(RETRIES)) {
  Deno.test(`retry_after of ${ms} ms is told in whole seconds, and exactly`, () => {
    const failure = ownFailure({ status: 429, retry_after: Number(ms) }, {});
    assert.deepEqual(failure.headers, headers);
  });
}

Deno.test("a header of the author's own wins over what retry_after makes", () => {
  const failure = ownFailure({ status: 429, retry_after: 2_000 }, {
    "retry-after": "soon",
  });
  assert.deepEqual(failure.headers, { "retry-after": "soon" });
});
