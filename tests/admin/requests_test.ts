import assert from "node:assert/strict";
import { JOURNAL_PAGE_DEFAULT } from "../../lib/core/limits.ts";
import { testAdmin } from "../support/admin.ts";
import { performed, record } from "../support/records.ts";

Deno.test("GET /_mock/requests: in short, oldest first, with what was dropped", async () => {
  const admin = testAdmin();
  for (const prompt of ["one", "two"]) {
    admin.journal.open(record({ prompt })).end(performed());
  }
  const { status, body } = await admin.ask("GET /_mock/requests");
  assert.equal(status, 200);
  assert.deepEqual(
    body.requests.map(({ id, prompt }: Record<string, string>) => [id, prompt]),
    [["1", "one"], ["2", "two"]],
  );
  assert.deepEqual([body.next, body.dropped], [undefined, 0]);
  assert.equal(body.requests[0].body, undefined);
});

Deno.test("GET /_mock/requests: pages follow one another by next", async () => {
  const admin = testAdmin();
  for (let i = 0; i < JOURNAL_PAGE_DEFAULT + 1; i++) {
    admin.journal.open(record());
  }
  const first = (await admin.ask("GET /_mock/requests")).body;
  assert.equal(first.requests.length, JOURNAL_PAGE_DEFAULT);
  const rest = await admin.ask(`GET /_mock/requests?since=${first.next}`);
  assert.deepEqual(
    rest.body.requests.map(({ id }: { id: string }) => id),
    [String(JOURNAL_PAGE_DEFAULT + 1)],
  );
});

Deno.test("GET /_mock/requests: a session is named by the query or by the header", async () => {
  const admin = testAdmin();
  for (const session of ["a", "b", ""]) admin.journal.open(record({ session }));
  const ids = async (query: string, header?: string) => {
    const headers = header === undefined ? {} : { "x-mock-session": header };
    const { body } = await admin.ask(`GET /_mock/requests${query}`, {
      headers,
    });
    return body.requests.map(({ id }: { id: string }) => id).join();
  };
  assert.equal(await ids(""), "1,2,3");
  assert.equal(await ids("?session=a"), "1");
  assert.equal(await ids("", "b"), "2");
  assert.equal(await ids("?session=a", "b"), "1");
  assert.equal(await ids("?session="), "3");
});

Deno.test("GET /_mock/requests: what is wrong with a query is named", async () => {
  const { status, body } = await testAdmin().ask("GET /_mock/requests?modle=x");
  assert.equal(status, 400);
  assert.equal(body.error.field, "modle");
  assert.match(body.error.message, /^modle: there is no such parameter/);
});

Deno.test("GET /_mock/requests/:id: in full; one that is gone, or never was, is a 404 that says so", async () => {
  const admin = testAdmin();
  admin.journal.open(record({ reply: "hello" })).end(performed());
  admin.journal.open(record()).end(performed());
  const { status, body } = await admin.ask("GET /_mock/requests/1");
  assert.deepEqual([status, body.id, body.sent], [200, "1", "hello"]);
  const message = async (id: string) => {
    const { status, body } = await admin.ask(`GET /_mock/requests/${id}`);
    assert.equal(status, 404);
    return body.error.message;
  };
  const there = "It holds 2, from 1 to 2";
  for (const id of ["3", "0", "-1", "1.0", "x", "__proto__", "01"]) {
    assert.equal(
      await message(id),
      `Request "${id}" was never in the journal. ${there}`,
    );
  }
  admin.journal.clear();
  assert.equal(
    await message("2"),
    'Request "2" is no more in the journal. It holds none',
  );
});

Deno.test("DELETE /_mock/requests: forgets all, or those of a session", async () => {
  const admin = testAdmin();
  for (const session of ["a", "b", "a"]) {
    admin.journal.open(record({ session }));
  }
  const one = await admin.ask("DELETE /_mock/requests?session=a");
  assert.deepEqual(one.body, { forgotten: 2, session: "a" });
  const headers = { "x-mock-session": "nobody" };
  const none = await admin.ask("DELETE /_mock/requests", { headers });
  assert.deepEqual(none.body, { forgotten: 0, session: "nobody" });
  const all = await admin.ask("DELETE /_mock/requests");
  assert.deepEqual(all.body, { forgotten: 1 });
  assert.equal((await admin.ask("DELETE /_mock/requests?id=1")).status, 400);
});
