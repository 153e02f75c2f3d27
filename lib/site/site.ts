/**
 * The pages that belong to no provider: health, the API's description, and what this is.
 *
 * Knows nothing of requests but their route; `lib/app.ts` makes responses of the answers.
 *
 * @module
 */

import { docsPages } from "./docs.ts";
import { indexPage } from "./index.ts";
import type { Page } from "./page.ts";

/** What the pages tell of the server. */
export interface SiteParts {
  /** Version of mockllm. */
  readonly version: string;
  /** What is wrong with the configuration file on disk, if anything is. */
  configError(): string | undefined;
}

/** All pages. */
export function sitePages(parts: SiteParts): readonly Page[] {
  const pages = [healthPage(parts), ...docsPages(parts.version)];
  return [indexPage(parts.version), ...pages];
}

/** Up means up: a broken file on disk is told, and does not take the server out of a pool. */
function healthPage({ version, configError }: SiteParts): Page {
  return {
    route: "GET /health",
    answer: () => ({
      status: 200,
      type: "application/json",
      body: JSON.stringify({
        status: "ok",
        service: "mock-llm-server",
        version,
        config_error: configError(),
      }),
      headers: { "cache-control": "no-store" },
    }),
  };
}
