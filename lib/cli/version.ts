/**
 * The version, read from the one place that states it.
 *
 * @module
 */

import manifest from "../../deno.json" with { type: "json" };

/** Version of mockllm. */
export const version: string = manifest.version;
