/**
 * Which known name was probably meant.
 *
 * @module
 */

/** The known name nearest to `name`, if it is near enough to be a slip of the fingers. */
export function nearName(
  name: string,
  known: readonly string[],
): string | undefined {
  const slipsMax = Math.max(1, Math.floor(name.length / 3));
  const ranked = known.map((candidate) => ({
    candidate,
    slips: slips(name.toLowerCase(), candidate),
  }))
    .filter((each) =>
      each.slips <= slipsMax && each.slips < each.candidate.length
    )
    .sort((a, b) => a.slips - b.slips);
  return ranked[0]?.candidate;
}

/** `Did you mean "model"?`, or the names there are. */
export function suggest(name: string, known: readonly string[]): string {
  const near = nearName(name, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  const shown = known.slice(0, SHOWN_MAX).map((each) => `"${each}"`).join(", ");
  const more = known.length - SHOWN_MAX;
  return `Known here: ${shown}${more > 0 ? ` and ${more} more` : ""}`;
}

/** So many names can still be read. */
const SHOWN_MAX = 20;

/** How many letters must be added, dropped, changed or swapped with their neighbour. */
function slips(a: string, b: string): number {
  // Names far longer than any key are far from every key; do not measure how far.
  if (Math.abs(a.length - b.length) > b.length) return Infinity;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = row > 1 && a[row - 1] === b[column - 2] &&
        a[row - 2] === b[column - 1];
      current.push(Math.min(
        at(above, column) + 1,
        at(current, column - 1) + 1,
        at(above, column - 1) + same,
        swapped ? at(before, column - 2) + 1 : Infinity,
      ));
    }
    [before, above] = [above, current];
  }
  return at(above, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
