import assert from "node:assert/strict";
import { pathOf, routes, unrouted } from "../../lib/wire/route.ts";

const table = routes([
  { route: "POST /v1/chat/completions", name: "chat" },
  { route: "GET /v1/models", name: "openai models" },
  { route: "GET /v1/models", name: "anthropic models" },
  { route: "GET /v1/models/:id", name: "model" },
  { route: "POST /v1/messages", name: "messages" },
  { route: "GET /health", name: "health" },
]);

function refusal(method: string, path: string): string {
  return unrouted(method, path, table.find(method, path)).failure.message;
}

Deno.test("routes.find() gives every entry of a shared route, in order", () => {
  const found = table.find("GET", "/v1/models");
  assert.deepEqual(
    found.type === "found" && found.entries.map(({ name }) => name),
    ["openai models", "anthropic models"],
  );
});

Deno.test("routes.find() takes slashes and percent signs into a parameter", () => {
  const parameter = (path: string) => {
    const found = table.find("GET", path);
    return found.type === "found" ? found.parameter : found.type;
  };
  assert.equal(parameter("/v1/models/meta/llama-3"), "meta/llama-3");
  assert.equal(parameter("/v1/models/meta%2Fllama"), "meta/llama");
  assert.equal(parameter("/v1/models/%zz"), "%zz");
  assert.equal(parameter("/v1/models/"), "not-found");
});

Deno.test("routes.find() answers HEAD where there is GET", () => {
  assert.equal(table.find("HEAD", "/health").type, "found");
});

Deno.test("a wrong method is refused with the allowed ones", () => {
  const { failure } = unrouted(
    "DELETE",
    "/v1/models",
    table.find("DELETE", "/v1/models"),
  );
  assert.equal(failure.kind, "method-not-allowed");
  assert.deepEqual(failure.headers, { allow: "GET, HEAD" });
});

Deno.test("an unknown path is refused with the paths that were probably meant", () => {
  assert.equal(
    refusal("POST", "/chat/completions"),
    "Invalid URL (POST /chat/completions). Did you mean /v1/chat/completions?",
  );
  assert.match(
    refusal("POST", "/v1/v1/messages"),
    /Did you mean \/v1\/messages\?$/,
  );
  assert.match(
    refusal("POST", "/v1/chat/completion"),
    /Did you mean \/v1\/chat\/completions\?$/,
  );
  assert.match(refusal("POST", "/messages/"), /Did you mean \/v1\/messages\?$/);
  assert.equal(
    refusal("GET", "/something/else"),
    "Invalid URL (GET /something/else). The nearest known paths: /v1/models, /health",
  );
});

Deno.test("pathOf() leaves the query out and folds dots as a URL does", () => {
  assert.equal(
    pathOf("http://localhost:8000/v1/messages?beta=true"),
    "/v1/messages",
  );
  assert.equal(pathOf("http://localhost:8000"), "/");
  assert.equal(pathOf("http://localhost/v1/../health"), "/health");
  assert.equal(pathOf("http://localhost/v1/%2e%2e/health"), "/health");
  assert.equal(
    pathOf("http://localhost/v1/models/gpt-4.1"),
    "/v1/models/gpt-4.1",
  );
});
