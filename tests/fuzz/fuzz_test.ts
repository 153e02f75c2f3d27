/**
 * A little of `deno task fuzz`, always with the same seed; and all that it ever found.
 */

import assert from "node:assert/strict";
import { launchServer, PROGRAMS, testEach } from "../support/process.ts";
import type { Outcome } from "./campaign.ts";
import { run } from "./campaign.ts";
import {
  attemptKept,
  bodies,
  bodiesOverSocket,
  configs,
  PATHS,
  rawBytes,
} from "./campaigns.ts";
import { caseText, keptCases } from "./case.ts";
import { ConfigThread } from "./config_worker.ts";
import { healthMs } from "./raw.ts";

const SEED = 20_261_121;

function assertNothing({ found }: Outcome): void {
  const texts = found.map(({ case: one, complaint }) =>
    `${complaint.message}\n${caseText(one)}`
  );
  assert.equal(texts.length, 0, `seed ${SEED}\n${texts.join("\n\n")}`);
}

for (const path of PATHS) {
  Deno.test(`no mutated body makes ${path} fail, stay silent or let an engine speak`, async () => {
    const outcome = await run(bodies(path, 2_000), SEED);
    assertNothing(outcome);
    assert.equal(outcome.tried, 2_000);
  });
}

Deno.test("no mutated configuration makes readConfig() throw, dawdle or touch a prototype", async () => {
  using thread = new ConfigThread();
  assertNothing(await run(configs(600, thread), SEED));
});

testEach("mutated bodies and raw bytes leave it healthy", async (program) => {
  await using child = await launchServer(program, ["--quiet"]);
  const server = { name: program.name, url: child.url };
  for (const path of PATHS) {
    assertNothing(await run(bodiesOverSocket(path, 100, server), SEED));
  }
  assertNothing(await run(rawBytes(300, server), SEED));
  assert.ok(await healthMs(child.url, 5) < 1_000);
});

Deno.test("what the fuzzer once found stays mended", async () => {
  await using first = await launchServer(PROGRAMS[0] ?? assert.fail());
  await using second = await launchServer(PROGRAMS[1] ?? assert.fail());
  using thread = new ConfigThread();
  for (const [name, kept] of keptCases()) {
    const complaint = await attemptKept(kept, [first.url, second.url], thread);
    assert.equal(complaint, undefined, `${name}: ${complaint?.message}`);
  }
});
