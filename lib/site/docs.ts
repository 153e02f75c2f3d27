/**
 * The API described: as a document, in Swagger UI and in ReDoc, all without a network.
 *
 * Addresses are relative, so the pages work behind a proxy that adds a path. Both viewers are
 * npm packages imported as text when first asked for: megabytes nobody should load at start.
 *
 * @module
 */

import type { Page, PageAnswer } from "./page.ts";

/** `/openapi.json`, `/docs`, `/redoc` and what those load. */
export function docsPages(version: string): readonly Page[] {
  return [
    { route: "GET /openapi.json", answer: () => document(version) },
    { route: "GET /docs", answer: () => html(SWAGGER, SWAGGER_POLICY) },
    asset("GET /docs/swagger-ui.js", SCRIPT, swaggerScript),
    asset("GET /docs/swagger-ui.css", STYLE, swaggerStyle),
    asset("GET /docs/start.js", SCRIPT, () => SWAGGER_START),
    { route: "GET /redoc", answer: () => html(REDOC, REDOC_POLICY) },
    asset("GET /redoc/redoc.js", SCRIPT, redocScript),
    asset("GET /redoc/start.js", SCRIPT, () => REDOC_START),
  ];
}

const SCRIPT = "text/javascript; charset=utf-8";
const STYLE = "text/css; charset=utf-8";

async function document(version: string): Promise<PageAnswer> {
  const { default: text } = await import("./openapi.json", {
    with: { type: "text" },
  });
  const body = text.replace('"version": "0.0.0"', `"version": "${version}"`);
  return { status: 200, type: "application/json", body };
}

// Swagger UI ──────────────────────────────────────────────────────────────────

const SWAGGER = page("mockllm API", {
  head: `<link rel="stylesheet" href="docs/swagger-ui.css">`,
  scripts: ["docs/swagger-ui.js", "docs/start.js"],
});

// `validatorUrl` would send the document to a service of theirs.
const SWAGGER_START = `SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#page",
  validatorUrl: null,
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
});
`;

const SWAGGER_POLICY = policy("script-src 'self'");

async function swaggerScript(): Promise<string> {
  const script = await import("swagger-ui-dist/swagger-ui-bundle.js", {
    with: { type: "text" },
  });
  return script.default;
}

async function swaggerStyle(): Promise<string> {
  const style = await import("swagger-ui-dist/swagger-ui.css", {
    with: { type: "text" },
  });
  return style.default;
}

// ReDoc ───────────────────────────────────────────────────────────────────────

const REDOC = page("mockllm API", {
  head: "",
  scripts: ["redoc/redoc.js", "redoc/start.js"],
});

// Its search index is built by a worker made from a blob.
const REDOC_START =
  `Redoc.init("openapi.json", { nativeScrollbars: true }, document.getElementById("page"));
`;

const REDOC_POLICY = policy("script-src 'self'; worker-src blob:");

/** ReDoc shows its maker's logo, from its maker's server. */
const REDOC_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";

async function redocScript(): Promise<string> {
  const script = await import("redoc/bundles/redoc.standalone.js", {
    with: { type: "text" },
  });
  return script.default.replaceAll(REDOC_LOGO, "data:,");
}

// What both share ─────────────────────────────────────────────────────────────

function page(
  title: string,
  parts: { head: string; scripts: readonly string[] },
): string {
  const scripts = parts.scripts.map((src) => `<script src="${src}"></script>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>body { margin: 0 }</style>
${parts.head}
<div id="page"></div>
${scripts.join("\n")}
`;
}

/** Nothing from anywhere else: what the pages promise, the browser keeps. */
function policy(scripts: string): string {
  return `default-src 'none'; ${scripts}; style-src 'self' 'unsafe-inline'; ` +
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'";
}

function html(body: string, policy: string): PageAnswer {
  return {
    status: 200,
    type: "text/html; charset=utf-8",
    body,
    headers: { "content-security-policy": policy },
  };
}

function asset(
  route: string,
  type: string,
  load: () => Promise<string> | string,
): Page {
  let loaded: ReturnType<typeof load> | undefined;
  return {
    route,
    answer: async () => ({
      status: 200,
      type,
      body: await (loaded ??= load()),
      headers: { "cache-control": "public, max-age=86400" },
    }),
  };
}
