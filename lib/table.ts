/**
 * The route table: what answers which path.
 *
 * @module
 */

import {
  type AdminParts,
  type AdminRoute,
  adminRoutes,
} from "./admin/admin.ts";
import type { Clock } from "./core/clock.ts";
import type { Dialect, Endpoint } from "./dialects/dialect.ts";
import { dialects } from "./dialects/registry.ts";
import type { Journal } from "./journal/journal.ts";
import type { Coverage } from "./match/coverage.ts";
import type { Config } from "./match/rule.ts";
import type { Sessions } from "./match/sessions.ts";
import type { Page } from "./site/page.ts";
import { sitePages } from "./site/site.ts";
import { type Routes, routes } from "./wire/route.ts";

/** What the entries of the table are made of. */
export interface TableParts {
  /** Time. */
  readonly clock: Clock;
  /** Version told by `/health` and the pages. */
  readonly version: string;
  /** The configuration in force; asked once for each request. */
  config(): Config;
  /** What is wrong with the configuration file on disk, when an older one is in force; `/health` tells it. */
  configError?(): string | undefined;
  /** Where requests are entered as they are answered. */
  readonly journal?: Journal;
  /** Where it is counted what answered. */
  readonly coverage?: Coverage;
  /** Pages besides those of the site, such as metrics. */
  readonly pages?: readonly Page[];
  /** What `/_mock` needs besides; without it, a journal and coverage there is no `/_mock`. */
  readonly admin?: Pick<AdminParts, "reload" | "shared" | "streams">;
}

/** One line of the table. */
export type Entry =
  | EntryOf<{ readonly dialect: Dialect; readonly endpoint: Endpoint }>
  | EntryOf<{ readonly page: Page }>
  | EntryOf<{ readonly admin: AdminRoute }>;

/** What answers a route: an endpoint of a dialect, or what belongs to none. */
type EntryOf<What> =
  & { readonly route: string }
  & What
  & {
    readonly [
      Other in Exclude<"dialect" | "endpoint" | "page" | "admin", keyof What>
    ]?: undefined;
  };

/** The table. */
export function tableOf(parts: TableParts, sessions: Sessions): Routes<Entry> {
  return routes<Entry>([
    ...endpointEntries(),
    ...pageEntries(parts),
    ...adminEntries(parts, sessions),
  ]);
}

/** Of several entries of one route, the one whose dialect claims the request, else the first. */
export function pick(
  entries: readonly Entry[],
  headers: Headers,
  path: string,
): Entry | undefined {
  if (entries.length === 1) return entries[0];
  return entries.find(({ dialect }) => dialect?.claims(headers, path)) ??
    entries[0];
}

/** The dialect in whose words a request without a route is refused. */
export function likelyDialect(headers: Headers, path: string): Dialect {
  return dialects.find((dialect) => dialect.claims(headers, path)) ??
    dialects[0];
}

function endpointEntries(): Entry[] {
  return dialects.flatMap((dialect) =>
    dialect.endpoints.map((endpoint) => ({
      route: endpoint.route,
      dialect,
      endpoint,
    }))
  );
}

function pageEntries(
  { version, configError, pages = [] }: TableParts,
): Entry[] {
  const site = sitePages({ version, configError: () => configError?.() });
  return [...site, ...pages].map((page) => ({ route: page.route, page }));
}

function adminEntries(
  { admin, journal, coverage, ...parts }: TableParts,
  sessions: Sessions,
): Entry[] {
  if (!admin || !journal || !coverage) return [];
  return adminRoutes({ ...parts, ...admin, journal, coverage, sessions })
    .map((admin) => ({ route: admin.route, admin }));
}
