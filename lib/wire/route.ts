/**
 * Which entry of a table a request is for: exact paths by one look-up, then the paths that end
 * in a parameter; what is not found comes with its nearest neighbours.
 *
 * @module
 */

import { BadRequest } from "../core/reply.ts";

/** A table of `T`s by route: `POST /v1/messages`, `GET /v1/models/:id`. Several may share one. */
export interface Routes<T> {
  /** What answers `method` and `path`. */
  find(method: string, path: string): Found<T>;
}

/** The outcome of a look-up. */
export type Found<T> =
  | {
    readonly type: "found";
    /** All entries of that route, in the order of the table. */
    readonly entries: readonly T[];
    /** What the parameter stands for, where the route ends in one. */
    readonly parameter?: string;
  }
  | {
    readonly type: "wrong-method";
    readonly allowed: readonly string[];
    readonly entries: readonly T[];
  }
  | {
    readonly type: "not-found";
    /** The known paths most like it, likeliest first. */
    readonly nearest: readonly string[];
    /** Those of them that were probably meant. */
    readonly meant: readonly string[];
  };

/** Entries of one path, by method. */
type Methods<T> = Map<string, T[]>;

/** The path of a request URL as it is routed: dot segments folded, the query left out. */
export function pathOf(url: string): string {
  // Without a Host (HTTP/1.0), Bun gives nothing but the path.
  const start = url.startsWith("/")
    ? 0
    : url.indexOf("/", url.indexOf("://") + 3);
  if (start < 0) return "/";
  const query = url.indexOf("?", start);
  const path = query < 0 ? url.slice(start) : url.slice(start, query);
  return UNFOLDED.test(path) ? fold(path) : path;
}

/** What only a URL parser should judge. */
const UNFOLDED = /[.%\\#]/;

function fold(path: string): string {
  try {
    return new URL(`http://localhost${path}`).pathname;
  } catch {
    return path;
  }
}

/** Why `method` and `path` have no entry, with the way out. */
export function unrouted<T>(
  method: string,
  path: string,
  found: Found<T>,
): BadRequest {
  if (found.type === "wrong-method") {
    const allow = found.allowed.join(", ");
    return new BadRequest({
      kind: "method-not-allowed",
      message: `Not allowed to ${method} on ${path}. Allowed: ${allow}`,
      headers: { allow },
    });
  }
  return new BadRequest({
    kind: "unknown-path",
    message: `Invalid URL (${method} ${path})${hint(found)}`,
  });
}

/** The paths that `method` may be meant for, without what pages are made of. */
function wanted<T>(
  exact: ReadonlyMap<string, Methods<T>>,
  method: string,
): string[] {
  const asked = method === "HEAD" ? "GET" : method;
  const known = [...exact].filter(([path]) => !/\.(js|css)$/.test(path));
  const alike = known.filter(([, methods]) => methods.has(asked));
  return (alike.length > 0 ? alike : known).map(([path]) => path);
}

function hint<T>(found: Found<T>): string {
  if (found.type !== "not-found") return "";
  const { meant, nearest } = found;
  return meant.length > 0
    ? `. Did you mean ${meant.join(" or ")}?`
    : `. The nearest known paths: ${nearest.join(", ")}`;
}

/** Builds the table. A route that ends in `:name` takes the rest of the path, slashes too. */
export function routes<T extends { readonly route: string }>(
  entries: readonly T[],
): Routes<T> {
  const exact = new Map<string, Methods<T>>();
  const prefixed = new Map<string, Methods<T>>();
  for (const entry of entries) {
    const [method = "", pattern = ""] = entry.route.split(" ");
    const colon = pattern.indexOf(":");
    const table = colon < 0 ? exact : prefixed;
    const path = colon < 0 ? pattern : pattern.slice(0, colon);
    const methods = table.get(path) ?? new Map<string, T[]>();
    table.set(path, methods.set(method, [...methods.get(method) ?? [], entry]));
  }
  return { find: (method, path) => find(exact, prefixed, method, path) };
}

function find<T>(
  exact: Map<string, Methods<T>>,
  prefixed: Map<string, Methods<T>>,
  method: string,
  path: string,
): Found<T> {
  const methods = exact.get(path);
  if (methods !== undefined) return pickMethod(methods, method);
  for (const [prefix, methods] of prefixed) {
    if (path.length <= prefix.length || !path.startsWith(prefix)) continue;
    return pickMethod(methods, method, path.slice(prefix.length));
  }
  return { type: "not-found", ...nearest(path, wanted(exact, method)) };
}

function pickMethod<T>(
  methods: Methods<T>,
  method: string,
  parameter?: string,
): Found<T> {
  const entries = methods.get(method) ??
    (method === "HEAD" ? methods.get("GET") : undefined);
  if (entries === undefined) {
    return {
      type: "wrong-method",
      allowed: allowed(methods),
      entries: [...methods.values()].flat(),
    };
  }
  if (parameter === undefined) return { type: "found", entries };
  return { type: "found", entries, parameter: decoded(parameter) };
}

function allowed<T>(methods: Methods<T>): string[] {
  return [...methods.keys()].flatMap((method) =>
    method === "GET" ? ["GET", "HEAD"] : [method]
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The known paths most like `path`, and those probably meant: the same once every `/v1` is taken
 * away (the usual mistake), or a few letters off.
 */
function nearest(
  path: string,
  known: readonly string[],
): { nearest: string[]; meant: string[] } {
  const wanted = bare(path);
  const ranked = known.map((candidate) => {
    const letters = bare(candidate);
    const off = distance(wanted, letters);
    return { candidate, off, meant: off <= letters.length / 3 };
  }).sort((a, b) => a.off - b.off).slice(0, 3);
  return {
    nearest: ranked.map(({ candidate }) => candidate),
    meant: ranked.filter(({ meant }) => meant).map(({ candidate }) =>
      candidate
    ),
  };
}

/** A path without versions, doubled or trailing slashes. */
function bare(path: string): string {
  return path.slice(0, 100).toLowerCase().replace(/\/+(v\d+(?=\/|$))?/g, "/")
    .replace(/\/$/, "");
}

/** The number of letters to change, add or drop to make `a` into `b` (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const kept = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(kept, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
