import assert from "node:assert/strict";
import fc from "fast-check";
import {
  REDACTED,
  redacted,
  redactor,
  shownHeaders,
  shownQuery,
} from "../../lib/journal/redact.ts";

Deno.test("shownHeaders(): secrets are told to be there, what is not on the list is left out", () => {
  const headers = new Headers({
    "authorization": "Bearer sk-1",
    "cookie": "a=b",
    "proxy-authorization": "Basic x",
    "x-api-key": "k1",
    "api-key": "k2",
    "x-goog-api-key": "k3",
    "x-mock-admin-token": "k4",
    "openai-organization": "org-1",
    "openai-project": "proj-1",
    "x-internal": "yes",
    "content-type": "application/json",
    "x-stainless-retry-count": "2",
    "x-mock-session": "s",
    "x-token-count": "5",
    "x-tokens-per-second": "10",
    "x-model-id": "m",
    "anthropic-beta": "b",
    "traceparent": "00-1-2-01",
    "idempotency-key": "i",
  });
  assert.deepEqual({ ...shownHeaders(headers) }, {
    "anthropic-beta": "b",
    "api-key": REDACTED,
    "authorization": REDACTED,
    "content-type": "application/json",
    "cookie": REDACTED,
    "idempotency-key": "i",
    "proxy-authorization": REDACTED,
    "traceparent": "00-1-2-01",
    "x-api-key": REDACTED,
    "x-goog-api-key": REDACTED,
    "x-mock-admin-token": REDACTED,
    "x-mock-session": "s",
    "x-model-id": "m",
    "x-stainless-retry-count": "2",
    "x-token-count": "5",
    "x-tokens-per-second": "10",
  });
});

Deno.test("shownHeaders(): names such as __proto__ are left out like any other", () => {
  assert.deepEqual(
    Object.keys(shownHeaders(new Headers({ "__proto__": "x" }))),
    [],
  );
});

Deno.test("shownQuery(): values of keys and tokens are taken out, the rest is as it was sent", () => {
  for (
    const [query, shown] of [
      ["?key=AIza123&alt=sse", "key=[redacted]&alt=sse"],
      ["?KEY=x", "KEY=[redacted]"],
      ["?api_key=x&api-key=y&apikey=z", [1, 2, 3]],
      ["?access_token=a%20b", "access_token=[redacted]"],
      ["?k%65y=x", "k%65y=[redacted]"],
      ["?a=1&&b=%zz&key", "a=1&&b=%zz&key"],
      ["?monkey=1#key=2", "monkey=1"],
      ["", ""],
    ] as const
  ) {
    const out = shownQuery(`http://h/p${query}`);
    if (typeof shown === "string") assert.equal(out, shown);
    else assert.equal(out.split(REDACTED).length - 1, shown.length);
  }
});

const KEYS = [
  "sk-proj-abcdefghij0123456789",
  "sk-ant-api03-AbCdEf_12-34",
  "AIzaSyA1234567890abcdefghijklmnopqrstuv",
  "AKIAIOSFODNN7EXAMPLE",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
  "Bearer abcdef.ghijkl",
  "bearer abc123456",
];

Deno.test("redactor(): whatever looks like a key is taken out of any text, wherever it stands", () => {
  const before = fc.constantFrom(" ", "\n", '"', "(", "=", ": ", ", ");
  const after = fc.constantFrom(" ", "\n", '"', ")", ": ", ", ");
  fc.assert(
    fc.property(fc.constantFrom(...KEYS), before, after, (key, a, b) => {
      const out = redactor(undefined)(`my key${a}${key}${b}is`);
      assert.equal(out, `my key${a}${REDACTED}${b}is`);
    }),
  );
});

Deno.test("redactor(): ordinary words stay", () => {
  for (
    const text of [
      "use sklearn and task-list-item-number-one",
      "risk-adjusted-returns",
      "the bearer of bad news",
      "AKIA is short",
      "eyJust.a.word",
      "sk-1",
    ]
  ) assert.equal(redactor(undefined)(text), text);
});

Deno.test("redactor(): the request's own key is taken out, unless it is short enough to be a word", () => {
  const redact = redactor("my-secret-$&-key");
  assert.equal(redact("say my-secret-$&-key!"), `say ${REDACTED}!`);
  assert.equal(redactor("test")("a test"), "a test");
});

Deno.test("redactor(): of a key that was cut to what is shown of it, its beginning goes too", () => {
  const own = "my-company-key-1234567890";
  for (
    const key of [...KEYS.filter((each) => !each.startsWith("bearer")), own]
  ) {
    for (let chars = 10; chars < key.length; chars++) {
      const cut = `"say ${key.slice(0, chars)}…", wants "x"`;
      assert.equal(redactor(own)(cut), `"say ${REDACTED}…", wants "x"`);
    }
  }
  for (const text of ["and so on…", "my… my-… A…", "sk-…", "…"]) {
    assert.equal(redactor(own)(text), text);
  }
});

Deno.test("redactor(): a long text takes time in proportion, whatever it is made of", () => {
  for (
    const part of ["eyJaaaaa-", "eyJ.", "sk-", "Bearer\t", "AKIA", "AIza-", "…"]
  ) {
    const text = part.repeat(1_000_000 / part.length);
    const beganMs = performance.now();
    redactor("k".repeat(60_000))(`${text}…`);
    assert.ok(performance.now() - beganMs < 2_000, part);
  }
});

Deno.test("redacted(): texts and names at any depth, without trusting names", () => {
  const key = KEYS[0] ?? "";
  const value: unknown = JSON.parse(
    `{"a": [{"${key}": "x ${key}"}], "__proto__": {"b": "${key}"}, "n": 1, "t": true, "z": null}`,
  );
  const out = redacted(value, redactor(undefined));
  assert.equal(
    JSON.stringify(out),
    `{"a":[{"${REDACTED}":"x ${REDACTED}"}],"__proto__":{"b":"${REDACTED}"},"n":1,"t":true,"z":null}`,
  );
});

Deno.test("redacted(): what holds no key is what it was", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = JSON.stringify(value);
    assert.equal(
      JSON.stringify(redacted(JSON.parse(text), redactor(undefined))),
      text,
    );
  }));
});
