// A program that uses the bundle as its users do. What it prints must be the same on every runtime.

// Not a plain import: type checks go over a checkout in which nothing is built yet.
const bundle = new URL("../../dist/mockllm.js", import.meta.url);
const { createMock, MockError, version } = await import(bundle.href);

const mock = await createMock({
  responses: { "what colour is the sky?": "Purple." },
  rules: [
    {
      name: "order",
      when: { prompt: /order #(?<id>\d+)/i },
      reply: { template: "Order {{ id }}." },
    },
    {
      name: "runs",
      when: { prompt: "/^(a|b)+c/" },
      reply: ({ prompt }) => `ran ${prompt}`,
    },
    {
      name: "body",
      when: { body: { "$.metadata.user": "me" } },
      reply: "mine",
    },
    {
      name: "slow",
      when: { prompt: "slow" },
      reply: "one two three four five six",
      pace: { itl: "1h" },
    },
  ],
  speed: Infinity,
});

function ask(content, more = {}, fetcher = mock.fetch, init = {}) {
  return fetcher("/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "gpt-4o",
      messages: [{ role: "user", content }],
      ...more,
    }),
    ...init,
  });
}

const bare = (text) => text.replace(/"created": ?\d+/g, "");
const told = { version };
told.answers = [];
for (const prompt of ["What colour is  the sky?", "ORDER #7", "abc", "?"]) {
  told.answers.push(bare(await (await ask(prompt)).text()));
}
told.body = bare(await (await ask("x", { metadata: { user: "me" } })).text());
told.stream = bare(await (await ask("abc", { stream: true })).text());
told.pages = {};
for (
  const path of [
    "/redoc/redoc.js",
    "/docs/swagger-ui.js",
    "/docs/swagger-ui.css",
    "/openapi.json",
  ]
) {
  told.pages[path] = await (await mock.fetch(path)).text();
}

const abort = new AbortController();
const stopped = await ask("slow", { stream: true }, mock.fetch, {
  signal: abort.signal,
});
let chunks = 0;
try {
  for await (const _ of stopped.body) if (++chunks === 3) abort.abort();
} catch ({ name }) {
  told.aborted = name;
}
const [{ deltas, ended }] = mock.expect({ prompt: "slow" });
told.stopped = { deltas, ended };

const server = await mock.listen();
const there = (path, init) => fetch(server.url + path, init);
told.socket = bare(await (await ask("abc", { stream: true }, there)).text());
const left = new AbortController();
const leaving = await ask("slow", { stream: true }, there, {
  signal: left.signal,
});
const reader = leaving.body.getReader();
await reader.read();
left.abort();
await reader.read().catch(() => {});
const upload = await there("/v1/chat/completions", {
  method: "POST",
  body: `"${"x".repeat(3_000_000)}"`,
});
told.upload = [upload.status, (await upload.json()).error.type];
told.verified = await (await there("/_mock/verify", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ when: { prompt: "abc" }, exactly: 3 }),
})).json();

try {
  mock.use({ when: { promt: "a" }, reply: "b" });
} catch (error) {
  told.refused = [error instanceof MockError, error.message];
}
try {
  mock.expect({ prompt: "never" });
} catch ({ name, message }) {
  told.unexpected = [name, message];
}
mock.use({ reply: "x" });
await ask("where?");
told.place = mock.requests.at(-1).answeredBy.place.replace(/\d+/, "N");
await mock.close();
await ask("closed").catch(({ message }) => told.closed = message);
console.log(JSON.stringify(told, null, 1));
