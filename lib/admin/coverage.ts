/**
 * `/_mock/coverage`: which rules and responses answered, and which never did.
 *
 * @module
 */

import { COVERAGE_SHOWN_MAX, VERIFY_FOUND_MAX } from "../core/limits.ts";
import { isUnmatched } from "../journal/criteria.ts";
import { refuseUnknown } from "../journal/query.ts";
import { redacted, redactor } from "../journal/redact.ts";
import { unused, type Used } from "../match/coverage.ts";
import type { AdminParts, AdminRoute } from "./route.ts";

/** The route of coverage. */
export function coverageRoutes(parts: AdminParts): readonly AdminRoute[] {
  return [{
    route: "GET /_mock/coverage",
    does: "which rules and responses answered, and which never did",
    shared: true,
    answer: ({ query }) => {
      refuseUnknown(query, []);
      return { status: 200, body: coverageView(parts) };
    },
  }];
}

function coverageView(
  { coverage, sessions, config, journal }: AdminParts,
): unknown {
  const overlays = [...sessions].flatMap(({ overlay }) => overlay.rules);
  const report = coverage.report(config(), overlays);
  const unmatched = journal.entries().filter(isUnmatched);
  return redacted({
    rules: usedView(report.rules),
    responses: usedView(report.responses),
    unmatched: {
      count: report.unmatched,
      requests: unmatched.slice(-VERIFY_FOUND_MAX)
        .map(({ number }) => String(number)),
    },
    random_tokens: report.tokens,
    uncounted: report.uncounted === 0 ? undefined : report.uncounted,
  }, redactor(undefined));
}

/** Those that answered most come first; of either list, only so many are told. */
function usedView(all: readonly Used[]): unknown {
  const never = unused(all);
  const hit = all.filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits);
  return {
    count: all.length,
    hit: hit.length,
    hits: hit.slice(0, COVERAGE_SHOWN_MAX),
    never_hit: never.slice(0, COVERAGE_SHOWN_MAX)
      .map(({ name, place }) => ({ name, place })),
  };
}
