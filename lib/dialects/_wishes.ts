/**
 * What a request asks of its answer, while it is gathered out of a body.
 *
 * @module
 */

import type { Wishes } from "../core/turn.ts";

/** Wishes that can still be added to. */
export type Gathered = { -readonly [Key in keyof Wishes]: Wishes[Key] };
