/**
 * Who may ask what, decided before routing: hosts, origins, and the way to `/_mock`.
 *
 * A server on loopback is within reach of every web page that its user opens. The provider
 * paths answer anybody, since containers are called by many names, but tell a browser only what
 * loopback pages may read. `/_mock` answers loopback names, loopback peers and loopback pages,
 * and what the operator allowed by name or token; nothing else.
 *
 * @module
 */

import { URL_CHARS_MAX } from "../core/limits.ts";
import { BadRequest } from "../core/reply.ts";

/** What the operator allowed besides loopback. */
export interface Access {
  /** Origins that may read answers: `https://app.example`, or `*` for all. */
  readonly corsOrigins: readonly string[];
  /** Host names, without port, under which `/_mock` answers. */
  readonly allowedHosts: readonly string[];
  /** What `X-Mock-Admin-Token` must say when `/_mock` is asked from elsewhere; nobody may without one. */
  readonly adminToken?: string;
}

/** Nothing besides loopback. */
export const LOOPBACK_ONLY: Access = { corsOrigins: [], allowedHosts: [] };

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._~-]+)(?::\d{1,5})?$/i;

/** Throws {@linkcode BadRequest} unless the `Host` header names one host. */
export function checkHost(headers: Headers): void {
  const host = headers.get("host");
  if (host === null || HOST.test(host)) return;
  throw new BadRequest({
    message: "The Host header does not name one host",
    field: "Host",
  });
}

/** Throws {@linkcode BadRequest} for a URL of absurd length. */
export function checkUrl(url: string): void {
  if (url.length <= URL_CHARS_MAX) return;
  throw new BadRequest({
    status: 414,
    limit: "URL_CHARS_MAX",
    message: `The URL is longer than ${URL_CHARS_MAX} characters`,
  });
}

/** Whether `path` belongs to mockllm's own administration. */
export function isAdmin(path: string): boolean {
  return path === "/_mock" || path.startsWith("/_mock/");
}

/** Throws {@linkcode BadRequest} unless this request may administer the server; `peer` is the address it came from. */
export function checkAdmin(
  request: Request,
  peer: string | undefined,
  access: Access,
): void {
  const { headers } = request;
  checkNames(request, access);
  if (isForeign(headers, access)) {
    throw forbidden("/_mock does not answer pages of other sites");
  }
  if (peer !== undefined && !isLoopback(peer)) checkToken(headers, access);
  checkContentType(request);
}

/** Another name is what a page is reached by that turns its own name to this machine. */
function checkNames({ headers, url }: Request, access: Access): void {
  const names = [hostName(headers.get("host")), hostName(hostOf(url))];
  for (const name of names) {
    if (name === "" || isOwn(name, access)) continue;
    throw forbidden(
      `/_mock does not answer under the name "${name}". Start mockllm with --allowed-hosts ${name} if it should`,
    );
  }
}

function checkToken(headers: Headers, { adminToken }: Access): void {
  const given = headers.get("x-mock-admin-token");
  if (adminToken !== undefined && given !== null && isSame(given, adminToken)) {
    return;
  }
  throw forbidden(
    "/_mock answers other machines only with the X-Mock-Admin-Token that mockllm was started with (--admin-token)",
  );
}

/** A simple form post needs no consent of the browser; one of these types does, and a DELETE does anyway. */
function checkContentType({ method, headers }: Request): void {
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return;
  const type = headers.get("content-type");
  if (type === null ? method === "DELETE" : NEVER_SIMPLE.test(type)) return;
  throw new BadRequest({
    kind: "unsupported-media",
    message:
      "Changes need Content-Type: application/json (curl --json does), or application/yaml for rules in YAML",
  });
}

const NEVER_SIMPLE =
  /^(application\/json|(application|text)\/(x-)?yaml)\s*(;|$)/i;

/** Whether a browser says that a page of another site asks. */
function isForeign(headers: Headers, access: Access): boolean {
  const site = headers.get("sec-fetch-site");
  if (site === "cross-site" || site === "same-site") return true;
  const origin = headers.get("origin");
  return origin !== null && !isOwn(hostOfOrigin(origin), access);
}

/** Compares in a time that does not tell how much of it was right. */
function isSame(given: string, wanted: string): boolean {
  let difference = given.length ^ wanted.length;
  for (let i = 0; i < wanted.length; i++) {
    difference |= (given.charCodeAt(i) || 0) ^ wanted.charCodeAt(i);
  }
  return difference === 0;
}

// Browsers ───────────────────────────────────────────────────────────────────

/** No other page may load, frame or sniff what `/_mock` says. */
const ADMIN_HEADERS = {
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "vary": "Origin",
};

const EXPOSED = [
  "X-Actual-Token-Count",
  "X-Actual-Tokens-Per-Second",
  "X-Actual-Token-Length",
  "X-Mock-Seed",
  "X-Mock-Rule",
  "X-Request-Id",
  "Request-Id",
  "Retry-After",
].join(", ");

/** The headers that tell a browser which page may read the answer; undefined where none need be told. */
export function corsHeaders(
  headers: Headers,
  path: string,
  access: Access,
): Record<string, string> | undefined {
  const origin = headers.get("origin");
  if (isAdmin(path)) return ADMIN_HEADERS;
  if (origin === null) return undefined;
  if (!mayRead(origin, access)) return { vary: "Origin" };
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": EXPOSED,
    "vary": "Origin",
  };
}

/** What a preflight is told besides: the methods of the path, and the headers it asked for. */
export function preflightHeaders(
  headers: Headers,
  methods: readonly string[],
): Record<string, string> {
  const asked = headers.get("access-control-request-headers") ?? "";
  return {
    "access-control-allow-methods": methods.join(", "),
    ...(/^[\w\-, ]{1,2000}$/.test(asked)
      ? { "access-control-allow-headers": asked }
      : {}),
    "access-control-max-age": "600",
  };
}

function mayRead(origin: string, { corsOrigins }: Access): boolean {
  if (origin === "null") return false;
  return isLoopbackOrigin(origin) || corsOrigins.includes("*") ||
    corsOrigins.includes(origin);
}

function isLoopbackOrigin(origin: string): boolean {
  return isLoopback(hostOfOrigin(origin));
}

// Names ──────────────────────────────────────────────────────────────────────

/** The host of a URL, with its port. */
function hostOf(url: string): string {
  return /^[a-z]+:\/\/([^/?#]*)/i.exec(url)?.[1] ?? "";
}

/** The name in an origin, without its port; empty if it has none. */
function hostOfOrigin(origin: string): string {
  return hostName(/^https?:\/\/([^/]+)$/i.exec(origin)?.[1] ?? null);
}

/** A host without its port and brackets, in small letters. */
function hostName(host: string | null): string {
  return (host ?? "").replace(/:\d*$/, "").replace(/^\[|\]$/g, "")
    .toLowerCase();
}

/** Whether a name is this machine's, or one that the operator allowed. */
function isOwn(name: string, { allowedHosts }: Access): boolean {
  return isLoopback(name) || allowedHosts.includes(name);
}

/** Whether a name or an address can only be this machine. */
function isLoopback(name: string): boolean {
  return name === "localhost" || name === "::1" ||
    /^(::ffff:)?127(\.\d{1,3}){3}$/.test(name);
}

function forbidden(message: string): BadRequest {
  return new BadRequest({ kind: "forbidden", message });
}
