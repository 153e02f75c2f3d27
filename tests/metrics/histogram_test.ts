/** Counters and histograms against the plain way to count. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { Counter, Histogram } from "../../lib/metrics/histogram.ts";
import { valueOf } from "../support/prometheus.ts";

const BOUNDS = [0.001, 0.5, 1, 10];

Deno.test("a counter starts at 0 and adds", () => {
  const counter = new Counter();
  assert.equal(counter.samples("a_total", 'b="c"'), 'a_total{b="c"} 0\n');
  counter.add();
  counter.add(41);
  assert.equal(counter.samples("a_total", ""), "a_total 42\n");
});

Deno.test("a bucket holds what is at most its bound", () => {
  const histogram = new Histogram([1, 2]);
  for (const value of [0, 1, 1.5, 2, 2.1]) histogram.observe(value);
  assert.equal(
    histogram.samples("a", 'b="c"'),
    [
      'a_bucket{b="c",le="1"} 2',
      'a_bucket{b="c",le="2"} 4',
      'a_bucket{b="c",le="+Inf"} 5',
      'a_sum{b="c"} 6.6',
      'a_count{b="c"} 5',
      "",
    ].join("\n"),
  );
});

Deno.test("each bucket is the number of observations up to its bound, whatever they are", () => {
  const anyValue = fc.oneof(
    fc.double({ min: 0, max: 20, noNaN: true }),
    fc.constantFrom(...BOUNDS),
  );
  fc.assert(fc.property(fc.array(anyValue), (values) => {
    const histogram = new Histogram(BOUNDS);
    for (const value of values) histogram.observe(value);
    const text = histogram.samples("a", "");
    for (const bound of BOUNDS) {
      const upTo = values.filter((value) => value <= bound).length;
      assert.equal(valueOf(text, "a_bucket", { le: String(bound) }), upTo);
    }
    assert.equal(valueOf(text, "a_count"), values.length);
    const sum = values.reduce((sum, value) => sum + value, 0);
    assert.equal(valueOf(text, "a_sum"), sum);
  }));
});
