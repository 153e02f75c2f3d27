/**
 * Pages that belong to no provider.
 *
 * @module
 */

/** One page. */
export interface Page {
  /** Method and path: `GET /health`. */
  readonly route: string;
  /** Answers a request. */
  answer(): Promise<PageAnswer> | PageAnswer;
}

/** What a page answers. */
export interface PageAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Content type. */
  readonly type: string;
  /** The body. */
  readonly body: string;
  /** Other headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** All pages. */
export function sitePages(
  parts: { version: string; configError(): string | undefined },
): readonly Page[] {
  return [{
    route: "GET /health",
    answer: () => ({
      status: 200,
      type: "application/json",
      body: JSON.stringify({ status: "ok", service: "mock-llm-server", version: parts.version }),
    }),
  }];
}
