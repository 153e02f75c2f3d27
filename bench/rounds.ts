/**
 * Interleaved rounds and what they amount to.
 *
 * A shared machine changes speed from minute to minute, so figures are compared only within a
 * round, and every other round runs in reverse so that neither side always goes first.
 *
 * @module
 */

/** Figures by name, of one measurement. */
export type Figures = Readonly<Record<string, number>>;

/** What one server measured, round by round. */
export type Measured = ReadonlyMap<string, readonly Figures[]>;

/** Runs `measure` on every subject `rounds` times. */
export async function interleave<T extends { readonly name: string }>(
  subjects: readonly T[],
  rounds: number,
  measure: (subject: T) => Promise<Figures>,
): Promise<Measured> {
  const measured = new Map<string, Figures[]>(
    subjects.map(({ name }) => [name, []]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      measured.get(subject.name)?.push(await measure(subject));
    }
  }
  return measured;
}

/** The values of one figure, in the order of the rounds. */
export function valuesOf(
  measured: Measured,
  name: string,
  figure: string,
): number[] {
  return (measured.get(name) ?? []).map((figures) => figures[figure] ?? NaN);
}

/** What `name` needed of `figure` for each one that `base` needed, round by round. */
export function ratiosOf(
  measured: Measured,
  [name, base]: readonly [string, string],
  figure: string,
): number[] {
  const bases = valuesOf(measured, base, figure);
  return valuesOf(measured, name, figure).map((value, round) =>
    value / (bases[round] ?? NaN)
  );
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) +
    (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** Smallest, middle and largest value, for a table. */
export function spread(values: readonly number[], digits: number): string {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return [min, median(values), max].map((value) => value.toFixed(digits)).join(
    " / ",
  );
}

/** A Markdown table with aligned columns. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => row[i]?.length ?? 0))
  );
  const [head = [], ...body] = rows.map((row) =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0))
  );
  const rule = widths.map((width) => "-".repeat(width));
  return [head, rule, ...body].map((row) => `| ${row.join(" | ")} |`).join(
    "\n",
  );
}
