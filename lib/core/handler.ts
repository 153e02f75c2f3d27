/**
 * The type of the whole server.
 *
 * @module
 */

/** A web-standard request handler: the whole server is one of these. */
export type Handler = (
  request: Request,
  connection: Connection,
) => Promise<Response> | Response;

/** What a runtime knows about where a request came from. */
export interface Connection {
  /** The peer's address; absent in process. */
  readonly peer?: string;
  /** Tells the runtime never to time this exchange out, however quiet it is. */
  keepOpen(): void;
  /** Tells the runtime which line of the route table was found, for its traces: `POST /v1/messages`. */
  routed?(route: string): void;
  /** The exchange that was kept open is over: the connection may be timed out again. */
  release(): void;
}

/** The connection of a request that came over none: from a test, or a client in the same process. */
export const IN_PROCESS: Connection = { keepOpen() {}, release() {} };
