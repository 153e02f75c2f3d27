/**
 * Metrics as somebody else's parser reads them.
 *
 * @module
 */

import assert from "node:assert/strict";
import parse from "parse-prometheus-text-format";

/** One sample. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A family of samples, as its header tells it. */
export interface FamilyHead {
  readonly name: string;
  readonly help: string;
  readonly type: string;
}

interface Parsed extends FamilyHead {
  readonly metrics: readonly {
    readonly labels?: Readonly<Record<string, string>>;
    readonly value: string;
  }[];
}

/** The families of `text`. */
export function readFamilies(text: string): readonly FamilyHead[] {
  const families: readonly Parsed[] = parse(text);
  return families.map(({ name, help, type }) => ({
    name,
    help,
    type: type.toLowerCase(),
  }));
}

/**
 * The samples of `text`. The parser throws the labels of histograms away, so it is not told
 * which families are some.
 */
export function readSamples(text: string): readonly Sample[] {
  assert.ok(text.endsWith("\n"));
  const untyped = text.replace(/^# TYPE .*\n/gm, "");
  const families: readonly Parsed[] = parse(untyped);
  return families.flatMap(({ name, metrics }) =>
    metrics.map(({ labels = {}, value }) => ({
      name,
      labels,
      value: Number(value.replace("Inf", "Infinity")),
    }))
  );
}

/** The value of the only sample with `name` and, among others, `labels`. */
export function valueOf(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const found = readSamples(text).filter((sample) =>
    sample.name === name &&
    Object.entries(labels).every(([label, value]) =>
      sample.labels[label] === value
    )
  );
  assert.equal(found.length, 1, `${name} ${JSON.stringify(labels)}`);
  return found[0]?.value ?? NaN;
}

/** Fails unless `text` keeps the laws of the format: see the messages. */
export function assertLawful(text: string): void {
  const samples = readSamples(text);
  const lines = text.split("\n").filter((line) => /^[^#]/.test(line));
  assert.equal(samples.length, lines.length, "every line is a sample");
  const keys = samples.map(({ name, labels }) =>
    name + JSON.stringify(Object.entries(labels).sort())
  );
  assert.equal(new Set(keys).size, keys.length, "no sample is told twice");
  const families = readFamilies(text);
  const names = families.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length, "families stand together");
  for (const { name, type } of families) {
    assert.equal(name.endsWith("_total"), type === "counter", name);
    if (type === "histogram") assertBuckets(name, samples);
  }
}

/** Cumulative buckets never fall, and the last of them is the count. */
function assertBuckets(family: string, samples: readonly Sample[]): void {
  const buckets = Map.groupBy(
    samples.filter(({ name }) => name === `${family}_bucket`),
    ({ labels: { le: _le, ...labels } }) => JSON.stringify(labels),
  );
  const counts = samples.filter(({ name }) => name === `${family}_count`);
  assert.equal(buckets.size, counts.length, `${family}: a count for each`);
  for (const { labels, value } of counts) {
    const own = buckets.get(JSON.stringify(labels)) ?? [];
    const bounds = own.map((bucket) => boundOf(bucket));
    assert.deepEqual(bounds, rising(bounds), `${family}: bounds rise`);
    assert.equal(bounds.at(-1), Infinity, `${family}: the last bound is +Inf`);
    const values = own.map((bucket) => bucket.value);
    assert.deepEqual(values, rising(values), `${family}: buckets never fall`);
    assert.equal(values.at(-1), value, `${family}: +Inf is the count`);
  }
}

function boundOf({ labels }: Sample): number {
  return Number(labels["le"]?.replace("Inf", "Infinity"));
}

function rising(numbers: readonly number[]): readonly number[] {
  return numbers.toSorted((a, b) => a - b);
}
