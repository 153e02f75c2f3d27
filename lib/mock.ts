/**
 * `createMock`: the server inside a test. All of it is loaded when the first mock is made.
 *
 * @module
 */

import type { Mock } from "./mock/mock.ts";
import type { MockOptions } from "./mock/options.ts";
import { callerPlace } from "./mock/place.ts";

/**
 * Makes a mock: the whole server in process, with no port and no socket. Rejects with
 * `MockError` when its options cannot be.
 *
 * ```ts
 * const mock = await createMock({ responses: { "what colour is the sky?": "Purple." } });
 * const openai = new OpenAI({ apiKey: "mock-key", baseURL: `${mock.url}/v1`, fetch: mock.fetch });
 * ```
 */
export function createMock(options: MockOptions = {}): Promise<Mock> {
  return make(options, callerPlace() ?? "createMock()"); // while the caller is on the stack
}

async function make(options: MockOptions, place: string): Promise<Mock> {
  const { configOf } = await import("./mock/options.ts");
  const { mockOf } = await import("./mock/mock.ts");
  return mockOf(await configOf(options, place), options);
}
