/**
 * A JSON path (RFC 9535) as data.
 *
 * @module
 */

/** A path from the root of a body, or from the value that a condition is about. */
export interface Query {
  /** Where it begins. */
  readonly from: "root" | "current";
  /** What is taken, one after another. */
  readonly steps: readonly Step[];
}

/** One step: into the values of a value, or into those of all below it too. */
export interface Step {
  /** Whether it reaches everything below. */
  readonly deep: boolean;
  /** What is taken there. */
  readonly selectors: readonly Selector[];
}

/** Which values of a list or an object are taken. */
export type Selector =
  | { readonly type: "name"; readonly name: string }
  | { readonly type: "index"; readonly index: number }
  | {
    readonly type: "slice";
    readonly start: number | undefined;
    readonly end: number | undefined;
    readonly step: number;
  }
  | { readonly type: "all" }
  | { readonly type: "filter"; readonly test: Test };

/** What must hold of a value. */
export type Test =
  | { readonly type: "or" | "and"; readonly of: readonly Test[] }
  | { readonly type: "not"; readonly test: Test }
  | { readonly type: "exists"; readonly query: Query }
  | {
    readonly type: "compare";
    readonly by: Comparison;
    readonly left: Operand;
    readonly right: Operand;
  };

/** How two values are compared; what begins like another stands before it. */
export const COMPARISONS = ["==", "!=", "<=", ">=", "<", ">"] as const;

/** One of {@linkcode COMPARISONS}. */
export type Comparison = typeof COMPARISONS[number];

/** One side of a comparison. */
export type Operand =
  | { readonly type: "literal"; readonly value: unknown }
  | { readonly type: "value" | "count"; readonly query: Query }
  | { readonly type: "length"; readonly of: Operand };
