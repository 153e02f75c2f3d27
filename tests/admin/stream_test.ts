import assert from "node:assert/strict";
import {
  ADMIN_EVENTS_WAITING_MAX,
  ADMIN_KEEP_ALIVE_MS,
  ADMIN_STREAMS_MAX,
} from "../../lib/core/limits.ts";
import type { Stoppable } from "../../lib/admin/route.ts";
import { type TestAdmin, testAdmin } from "../support/admin.ts";
import { settle } from "../support/manual_clock.ts";
import { performed, record } from "../support/records.ts";

const decoder = new TextDecoder();

/** A reader that has been greeted. */
async function reader(admin: TestAdmin, query = "") {
  const { stream } = await admin.ask(`GET /_mock/requests/stream${query}`);
  assert.ok(stream);
  const reader = stream.getReader();
  const next = async () => {
    const { value, done } = await reader.read();
    return done ? undefined : decoder.decode(value);
  };
  assert.match(await next() ?? "", /^: /);
  return { next, cancel: () => reader.cancel() };
}

/** Names and ids of the events in a text. */
function events(text: string | undefined): string[] {
  return [...(text ?? "").matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map((
    [, name, data = ""],
  ) => `${name} ${JSON.parse(data).id ?? JSON.parse(data).count}`);
}

Deno.test("GET /_mock/requests/stream: requests as they begin and end, and none before", async () => {
  const admin = testAdmin();
  admin.journal.open(record()).end(performed());
  const { next, cancel } = await reader(admin);
  const open = admin.journal.open(record());
  const first = await next();
  assert.deepEqual(events(first), ["open 2"]);
  assert.match(first ?? "", /"ended":"open"/);
  open.end(performed({ ended: "client left" }));
  assert.match(
    await next() ?? "",
    /^event: end\ndata: .*"ended":"client_left"/,
  );
  await cancel();
});

Deno.test("GET /_mock/requests/stream: an event is what it was when it happened, however late it is read", async () => {
  const admin = testAdmin();
  const { next, cancel } = await reader(admin);
  admin.journal.open(record()).end(performed());
  admin.journal.open(record());
  const text = await next();
  assert.deepEqual(events(text), ["open 1", "end 1", "open 2"]);
  assert.match(
    text ?? "",
    /"ended":"open".*\n\nevent: end\n.*"ended":"complete"/,
  );
  await cancel();
});

Deno.test("GET /_mock/requests/stream: the filters of the list hold, pages do not", async () => {
  const admin = testAdmin();
  const { next, cancel } = await reader(admin, "?session=s");
  for (const session of ["", "s"]) admin.journal.open(record({ session }));
  assert.deepEqual(events(await next()), ["open 2"]);
  await cancel();
  const paged = await admin.ask("GET /_mock/requests/stream?limit=1");
  assert.equal(paged.status, 400);
});

Deno.test("GET /_mock/requests/stream: a quiet one says every ADMIN_KEEP_ALIVE_MS that it is alive", async () => {
  const admin = testAdmin();
  const { next, cancel } = await reader(admin);
  for (let i = 0; i < 2; i++) {
    const reading = next();
    await settle();
    await admin.clock.advance(admin.clock.now() + ADMIN_KEEP_ALIVE_MS);
    assert.equal(await reading, ": keep-alive\n\n");
  }
  const reading = next();
  await admin.clock.advance(admin.clock.now() + ADMIN_KEEP_ALIVE_MS - 1);
  admin.journal.open(record());
  assert.deepEqual(events(await reading), ["open 1"]);
  await cancel();
  assert.equal(admin.clock.nextMs, Infinity, "no timer is left");
});

Deno.test("GET /_mock/requests/stream: a slow reader loses the oldest beyond ADMIN_EVENTS_WAITING_MAX, and is told", async () => {
  const admin = testAdmin();
  const { next, cancel } = await reader(admin);
  for (let i = 0; i < ADMIN_EVENTS_WAITING_MAX + 2; i++) {
    admin.journal.open(record());
  }
  await admin.clock.advance(10 * ADMIN_KEEP_ALIVE_MS); // nothing is said to who does not read
  const all = events(await next());
  assert.deepEqual(all.slice(0, 2), ["dropped 2", "open 3"]);
  assert.equal(all.length, 1 + ADMIN_EVENTS_WAITING_MAX);
  admin.journal.open(record());
  assert.equal(events(await next()).length, 1, "what was lost is told once");
  await cancel();
});

Deno.test("GET /_mock/requests/stream: ADMIN_STREAMS_MAX at once, and one more when one left", async () => {
  const admin = testAdmin();
  const readers = [];
  for (let i = 0; i < ADMIN_STREAMS_MAX; i++) readers.push(await reader(admin));
  const { status, body } = await admin.ask("GET /_mock/requests/stream");
  assert.equal(status, 503);
  assert.match(body.error.message, /^16 streams of requests are open already/);
  await readers.pop()?.cancel();
  readers.push(await reader(admin));
  await Promise.all(readers.map(({ cancel }) => cancel()));
});

Deno.test("GET /_mock/requests/stream: one that nobody reads is not open", async () => {
  const admin = testAdmin();
  for (let i = 0; i <= ADMIN_STREAMS_MAX; i++) {
    const { status } = await admin.ask("GET /_mock/requests/stream");
    assert.equal(status, 200);
  }
  assert.equal(admin.clock.nextMs, Infinity);
});

Deno.test("GET /_mock/requests/stream: ends when the server stops, and what left is not stopped again", async () => {
  const streams = new Set<Stoppable>();
  const admin = testAdmin({ streams });
  const { next } = await reader(admin);
  const gone = await reader(admin);
  assert.equal(streams.size, 2);
  const left = [...streams][1];
  await gone.cancel();
  left?.stop();
  for (const stream of [...streams]) stream.stop();
  assert.equal(await next(), undefined);
  assert.equal(streams.size, 0);
  assert.equal(admin.clock.nextMs, Infinity);
});
