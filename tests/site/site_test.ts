/** The pages of the server itself: complete, and sufficient to themselves. */

import assert from "node:assert/strict";
import { adminRoutes } from "../../lib/admin/admin.ts";
import { testAdmin } from "../support/admin.ts";
import { dialects } from "../../lib/dialects/registry.ts";
import type { PageAnswer } from "../../lib/site/page.ts";
import { sitePages } from "../../lib/site/site.ts";

interface Document {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const pages = sitePages({ version: "1.2.3", configError: () => undefined });

/** Routes that are no pages of the site. */
const others = [...adminRoutes(testAdmin()), { route: "GET /metrics" }];

Deno.test("/health is ok, and says which server and version", async () => {
  const answer = await ask("GET /health");
  assert.equal(answer.status, 200);
  assert.equal(
    answer.body,
    '{"status":"ok","service":"mock-llm-server","version":"1.2.3"}',
  );
});

Deno.test("/health tells a broken configuration and stays ok", async () => {
  const configError = () => "responses.yml:3:1: Unknown key";
  const broken = sitePages({ version: "1", configError });
  const answer = await broken.find(({ route }) => route === "GET /health")
    ?.answer();
  assert.equal(answer?.status, 200);
  assert.match(answer.body, /"config_error":"responses\.yml:3:1: Unknown key"/);
});

Deno.test("/openapi.json parses and tells the version", async () => {
  const document = await readDocument();
  assert.equal(document.info.version, "1.2.3");
});

Deno.test("/openapi.json describes every endpoint of every dialect", async () => {
  const { paths } = await readDocument();
  for (const { route } of dialects.flatMap(({ endpoints }) => endpoints)) {
    const { method, path } = split(route);
    assert.ok(paths[path]?.[method], route);
  }
});

Deno.test("/openapi.json describes every page, and nothing that is not there", async () => {
  const { paths } = await readDocument();
  const endpoints = dialects.flatMap(({ endpoints }) => endpoints);
  const routes = [...endpoints, ...pages, ...others].map(({ route }) => route);
  const known = new Set(routes.map((route) => split(route).path));
  assert.deepEqual(Object.keys(paths).filter((path) => !known.has(path)), []);
  const told = [...known].filter((path) => !isAsset(path));
  assert.deepEqual(told.filter((path) => !paths[path]), []);
});

Deno.test("/openapi.json describes every route of /_mock, by its method", async () => {
  const { paths } = await readDocument();
  for (const { route } of adminRoutes(testAdmin())) {
    const { method, path } = split(route);
    assert.ok(paths[path]?.[method], route);
  }
});

Deno.test("/openapi.json names no operation twice", async () => {
  const { body } = await ask("GET /openapi.json");
  const names = [...body.matchAll(/"operationId": "(\w+)"/g)];
  assert.equal(new Set(names.map(([, name]) => name)).size, names.length);
});

Deno.test("/openapi.json refers to nothing it does not hold", async () => {
  const { body } = await ask("GET /openapi.json");
  const document: unknown = JSON.parse(body);
  for (const [, pointer = ""] of body.matchAll(/"\$ref": "#\/([^"]+)"/g)) {
    const target = pointer.split("/").reduce<unknown>(property, document);
    assert.ok(target, pointer);
  }
});

Deno.test("/ links to /metrics and /_mock", async () => {
  const { body } = await ask("GET /");
  for (const path of ["metrics", "_mock", "_mock/coverage"]) {
    assert.ok(body.includes(`href="${path}"`), path);
  }
});

Deno.test("/ names every endpoint", async () => {
  const { body } = await ask("GET /");
  for (const { route } of dialects.flatMap(({ endpoints }) => endpoints)) {
    const { path } = split(route);
    assert.ok(body.includes(path), route);
  }
});

for (const path of ["/", "/docs", "/redoc"]) {
  Deno.test(`${path} fetches nothing from elsewhere`, async () => {
    const { body, headers, type } = await ask(`GET ${path}`);
    assert.equal(type, "text/html; charset=utf-8");
    assert.doesNotMatch(body, /(src|href)="(https?:)?\/\//);
    const policy = headers?.["content-security-policy"] ?? "";
    assert.match(policy, /^default-src 'none';/);
    assert.doesNotMatch(policy, /http|\*/);
  });

  Deno.test(`${path} loads only what is there`, async () => {
    const { body } = await ask(`GET ${path}`);
    const script = await ask(`GET ${path}/start.js`).catch(() => undefined);
    const loaded = [...body.matchAll(/(?:src|href)="([^":{?]+)[^":{]*"/g)]
      .map(([, address]) => `GET /${address}`);
    const routes = [...pages, ...others].map(({ route }) => route);
    assert.deepEqual(loaded.filter((route) => !routes.includes(route)), []);
    if (script) assert.match(script.body, /"openapi\.json"/);
  });
}

for (const { route } of pages.filter(({ route }) => isAsset(route))) {
  Deno.test(`${route} is whole, typed and cached`, async () => {
    const { body, headers, type } = await ask(route);
    assert.ok(body.length > 50);
    assert.match(type, /^text\/(javascript|css); charset=utf-8$/);
    assert.match(headers?.["cache-control"] ?? "", /max-age=\d+/);
  });
}

Deno.test("ReDoc comes without its maker's logo", async () => {
  const { body } = await ask("GET /redoc/redoc.js");
  assert.doesNotMatch(body, /cdn\.redoc\.ly/);
});

async function ask(route: string): Promise<PageAnswer> {
  const page = pages.find((page) => page.route === route);
  assert.ok(page, route);
  return await page.answer();
}

async function readDocument(): Promise<Document> {
  const { body } = await ask("GET /openapi.json");
  return JSON.parse(body);
}

function split(route: string): { method: string; path: string } {
  const [method = "", path = ""] = route.split(" ");
  return {
    method: method.toLowerCase(),
    path: path.replace(/:(\w+)/g, "{$1}"),
  };
}

function isAsset(route: string): boolean {
  return /\.(js|css)$/.test(route);
}

function property(value: unknown, name: string): unknown {
  return (value as Record<string, unknown> | undefined)?.[name];
}
