import assert from "node:assert/strict";
import {
  FAILURE_NAMES,
  namedFailure,
  ownFailure,
} from "../../lib/config/failures.ts";
import type { Failure } from "../../lib/core/reply.ts";
import { dialects } from "../../lib/dialects/registry.ts";

const DOCS = Deno.readTextFileSync(
  new URL("../../docs/dialects.md", import.meta.url),
);

/** What a client reads of a refusal; a page of HTML tells but its status. */
function told(dialect: typeof dialects[number], failure: Failure) {
  const { status, body, type } = dialect.refuse(failure, {});
  if (type !== undefined) {
    assert.match(body, /^<html>.*504/s);
    return { status, type: "HTML", message: body, code: undefined };
  }
  const { error } = JSON.parse(body);
  return { status, ...error, code: error.code ?? error.details?.error_code };
}

Deno.test("every name is an error that each dialect has words for", () => {
  for (const name of FAILURE_NAMES) {
    const failure = { ...namedFailure(name), subject: "gpt-4o" };
    for (const dialect of dialects) {
      const { status, message } = told(dialect, failure);
      assert.ok(status >= 400 && status < 600, name);
      assert.ok(message.length > 5, `${dialect.name} ${name}: ${message}`);
      assert.doesNotMatch(message, /could not be answered|undefined/, name);
    }
  }
});

Deno.test("every status is refused with that status, and with words", () => {
  for (let status = 400; status < 600; status++) {
    const failure = { ...ownFailure({ status }, {}), subject: "gpt-4o" };
    for (const dialect of dialects) {
      const refusal = told(dialect, failure);
      assert.equal(refusal.status, status);
      const { message, type } = refusal;
      assert.ok(message.length > 5 && type.length > 3, String(status));
      assert.doesNotMatch(
        message,
        /could not be answered|undefined/,
        `${status}`,
      );
    }
  }
});

Deno.test("a status is refused as the provider refuses with it", () => {
  const rows: readonly (readonly [number, string, string])[] = [
    [400, "invalid_request_error", "invalid_request_error"],
    [401, "invalid_request_error invalid_api_key", "authentication_error"],
    [402, "billing_not_active billing_not_active", "billing_error"],
    [
      403,
      "invalid_request_error unsupported_country_region_territory",
      "permission_error",
    ],
    [404, "invalid_request_error model_not_found", "not_found_error"],
    [
      405,
      "invalid_request_error method_not_supported",
      "invalid_request_error",
    ],
    [408, "invalid_request_error", "timeout_error"],
    [409, "invalid_request_error", "conflict_error"],
    [413, "invalid_request_error", "request_too_large"],
    [422, "invalid_request_error", "invalid_request_error"],
    [429, "requests rate_limit_exceeded", "rate_limit_error"],
    [500, "server_error", "api_error"],
    [503, "service_unavailable_error", "overloaded_error"],
    [504, "HTML", "timeout_error"],
    [529, "service_unavailable_error", "overloaded_error"],
  ];
  for (const [status, ...expected] of rows) {
    const failure = ownFailure({ status }, {});
    const seen = dialects.map((dialect) => {
      const { type, code } = told(dialect, failure);
      return code ? `${type} ${code}` : type;
    });
    assert.deepEqual(seen, expected, String(status));
  }
});

Deno.test("docs/dialects.md tells of every error by name what it is", () => {
  const rows = [...DOCS.matchAll(/^\| `(\w+)` +\| (.*?) +\| (.*?) +\|$/gm)]
    .filter(([, name = ""]) =>
      (FAILURE_NAMES as readonly string[]).includes(name)
    );
  assert.deepEqual(rows.map(([, name]) => name), FAILURE_NAMES);
  for (const [, name, ...cells] of rows) {
    const failure = namedFailure(name as typeof FAILURE_NAMES[number]);
    const expected = dialects.map((dialect) => {
      const { status, type, code } = told(dialect, failure);
      return `${status} \`${type}\`${code ? `, \`${code}\`` : ""}`;
    });
    assert.deepEqual(cells, expected, name);
  }
});

Deno.test("an author's words win over the provider's", () => {
  for (const dialect of dialects) {
    for (const status of [400, 401, 404, 413, 429, 500, 504, 529]) {
      const failure = ownFailure({ status, message: "Mine." }, {});
      assert.equal(told(dialect, failure).message, "Mine.", String(status));
    }
  }
});

Deno.test("a code is Anthropic's details.error_code", () => {
  const failure = ownFailure({ status: 429, code: "ramp_limit_exceeded" }, {});
  const [, anthropic] = dialects;
  assert.ok(anthropic);
  const { error } = JSON.parse(anthropic.refuse(failure, {}).body);
  assert.deepEqual(error.details, { error_code: "ramp_limit_exceeded" });
  const plain = anthropic.refuse(ownFailure({ status: 429 }, {}), {}).body;
  assert.equal("details" in JSON.parse(plain).error, false);
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
      headers: { "retry-after": "1", "x-a": "b" },
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

Deno.test("a rate limit is over after a second unless its author says otherwise; other errors say nothing", () => {
  const second = { "retry-after": "1" };
  assert.deepEqual(namedFailure("rate_limit").headers, second);
  assert.deepEqual(namedFailure("token_rate_limit").headers, second);
  assert.deepEqual(ownFailure({ status: 429 }, {}).headers, second);
  const silent = ownFailure({ status: 429, retry_after: "none" }, {});
  assert.equal(silent.headers, undefined);
  assert.equal(namedFailure("spend_limit").headers, undefined);
  assert.equal(ownFailure({ status: 529 }, {}).headers, undefined);
});

Deno.test("a header of the author's own wins over what retry_after makes", () => {
  const failure = ownFailure({ status: 429, retry_after: 2_000 }, {
    "retry-after": "soon",
  });
  assert.deepEqual(failure.headers, { "retry-after": "soon" });
});
