import assert from "node:assert/strict";
import { callerPlace, placeIn } from "../../lib/mock/place.ts";

Deno.test("the place is the file and the line of whoever called", () => {
  assert.match(callerPlace() ?? "", /^place_test\.ts:5$/);
});

/** Stacks as the runtimes write them. */
const STACKS: Readonly<Record<string, readonly [stack: string, own: string]>> =
  {
    "Deno": [
      "Error\n    at callerPlace (file:///p/lib/mock/place.ts:14:18)\n    at View.use (file:///p/lib/mock/view.ts:80:19)\n    at file:///p/tests/my%20test.ts:12:8\n    at innerWrapped (ext:cli/40_test.js:1:1)",
      "/p/lib/",
    ],
    "Node, from the bundle": [
      "Error\n    at callerPlace (file:///p/dist/mockllm.js:14:18)\n    at use (file:///p/dist/mockllm.js:80:19)\n    at TestContext.<anonymous> (file:///p/tests/my%20test.ts:12:8)\n    at Test.runInAsyncScope (node:async_hooks:214:14)",
      "/p/dist/mockllm.js",
    ],
    "Bun": [
      "Error: \n    at callerPlace (/p/dist/mockllm.js:14:18)\n    at use (/p/dist/mockllm.js:80:19)\n    at <anonymous> (/p/tests/my test.ts:12:8)",
      "/p/dist/mockllm.js",
    ],
    "Node on Windows": [
      "Error\n    at use (file:///C:/p/dist/mockllm.js:80:19)\n    at Object.<anonymous> (C:\\p\\tests\\my test.ts:12:8)",
      "/C:/p/dist/mockllm.js",
    ],
    "Vite, which adds a query": [
      "Error\n    at use (/p/dist/mockllm.js:80:19)\n    at /p/tests/my test.ts?v=1:12:8",
      "/p/dist/mockllm.js",
    ],
  };

for (const [name, [stack, own]] of Object.entries(STACKS)) {
  Deno.test(`a stack of ${name} tells the place`, () => {
    assert.equal(placeIn(stack, own), "my test.ts:12");
  });
}

Deno.test("a stack without files tells none", () => {
  assert.equal(placeIn("Error\n    at <anonymous>", "/p/"), undefined);
  assert.equal(placeIn("", "/p/"), undefined);
});
