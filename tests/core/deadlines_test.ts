import assert from "node:assert/strict";
import fc from "fast-check";
import { Deadline, Deadlines } from "../../lib/core/deadlines.ts";

Deno.test("Deadlines.ring() rings in order of time whatever was set, moved and cleared", () => {
  const operation = fc.record({
    which: fc.nat(19),
    atMs: fc.integer({ min: 0, max: 50 }),
    clear: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const rung: number[] = [];
      const heap = new Deadlines();
      const all = Array.from(
        { length: 20 },
        (_, i) => new Deadline(() => rung.push(i)),
      );
      const model = new Map<number, number>();
      for (const { which, atMs, clear } of operations) {
        const deadline = all[which] as Deadline;
        if (clear) heap.clear(deadline), model.delete(which);
        else heap.set(deadline, atMs), model.set(which, atMs);
        assert.equal(heap.nextMs, Math.min(Infinity, ...model.values()));
      }
      heap.ring(25, 25);
      const due = [...model].filter(([, atMs]) => atMs <= 25);
      assert.deepEqual(
        rung.map((i) => model.get(i)),
        due.map(([, atMs]) => atMs).sort((a, b) => a - b),
      );
      assert.deepEqual([...rung].sort(), due.map(([i]) => i).sort());
    }),
  );
});

Deno.test("Deadlines.ring() tells each deadline how late it is", () => {
  const late: number[] = [];
  const heap = new Deadlines();
  for (const atMs of [3, 1, 2]) {
    heap.set(new Deadline((lateMs) => late.push(lateMs)), atMs);
  }
  heap.ring(3, 10);
  assert.deepEqual(late, [9, 8, 7]);
});

Deno.test("Deadlines.ring() rings a deadline that is set again for later only once", () => {
  const heap = new Deadlines();
  let rung = 0;
  const deadline: Deadline = new Deadline(() => {
    rung++;
    heap.set(deadline, 20);
  });
  heap.set(deadline, 5);
  heap.ring(10, 10);
  assert.equal(rung, 1);
  assert.equal(heap.nextMs, 20);
});
