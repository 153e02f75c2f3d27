/**
 * The mock, as a test holds it.
 *
 * @module
 */

import type { Config } from "../match/rule.ts";
import { fetchOf } from "./fetch.ts";
import type { ListenOptions, MockListener } from "./listen.ts";
import type { MockOptions } from "./options.ts";
import { Server } from "./server.ts";
import { sessionName } from "./session.ts";
import { type MockSession, type MockView, SessionView, View } from "./view.ts";

/** A loopback name, so that `/_mock` answers it too. Nothing listens there. */
const URL_IN_PROCESS = "http://localhost";

/** A mock: the whole server, in process. Close it when the test is over. */
export interface Mock extends MockView, AsyncDisposable, Disposable {
  /** The base URL for clients that use its `fetch`; most want `${mock.url}/v1`. */
  readonly url: string;
  /** A session that sees nothing of the others; a new one, unless it is named. */
  session(name?: string): MockSession;
  /** Listens on a port, for clients in other processes. */
  listen(options?: ListenOptions): Promise<MockListener>;
  /** Resolves when no reply is being given any more. */
  idle(): Promise<void>;
  /** Ends open replies and stops listening. Rejects if mockllm itself went wrong on the way. */
  close(): Promise<void>;
}

/** Makes the mock of `config`. */
export function mockOf(config: Config, options: MockOptions): Mock {
  return new ServedMock(new Server(config, options));
}

class ServedMock extends View implements Mock {
  readonly url = URL_IN_PROCESS;
  readonly #server: Server;
  #sessionsGiven = 0;

  constructor(server: Server) {
    super(server, undefined, fetchOf(server.handler, URL_IN_PROCESS));
    this.#server = server;
  }

  session(name?: string): MockSession {
    const given = name ?? `session-${++this.#sessionsGiven}`;
    return new SessionView(this.#server, sessionName(given), this.fetch);
  }

  listen(options: ListenOptions = {}): Promise<MockListener> {
    return this.#server.listen(options);
  }

  idle(): Promise<void> {
    return this.#server.idle();
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.dispose](): void {
    void this.close();
  }
}
