/**
 * Files named on the command line → the configuration they make, or what is wrong with them.
 *
 * @module
 */

import { readConfigs, type Verdict } from "../config/compile.ts";
import { look } from "../config/file.ts";
import { textsOf } from "../config/letter.ts";

/** What came of files that were looked at once. */
export interface Judged extends Verdict {
  /** The files, those in folders too. */
  readonly files: readonly string[];
}

/** Reads `names`, files and folders, once, as one configuration. */
export async function judge(names: readonly string[]): Promise<Judged> {
  const texts = textsOf(await look(names));
  const verdict = await readConfigs(texts, names.join(", "));
  return { ...verdict, files: texts.map(({ file }) => file) };
}
