/**
 * What a page is.
 *
 * @module
 */

/** One page, answered the same to everyone. */
export interface Page {
  /** Method and path: `GET /health`. */
  readonly route: string;
  /** What it says. */
  answer(): Promise<PageAnswer> | PageAnswer;
}

/** What a {@linkcode Page} says. */
export interface PageAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Content type. */
  readonly type: string;
  /** The body. */
  readonly body: string;
  /** Response headers besides the content type. */
  readonly headers?: Readonly<Record<string, string>>;
}
