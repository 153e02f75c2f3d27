/**
 * Files named on the command line → the configuration they make, or what is wrong with them.
 *
 * @module
 */

import { readConfigs, type Verdict } from "../config/compile.ts";
import { look } from "../config/file.ts";
import { textsOf } from "../config/letter.ts";

/** Reads `names`, files and folders, once, as one configuration. */
export async function judge(names: readonly string[]): Promise<Verdict> {
  return await readConfigs(textsOf(await look(names)), names.join(", "));
}
