/**
 * A regular expression as the places where a matcher can stand, and the ways from one to the
 * next: each way once for each reason there is to go it, since a matcher tries all of them.
 *
 * @module
 */

import { Alphabet, atomsOf } from "./regex_alphabet.ts";
import type { Guard } from "./regex_guard.ts";
import type { Steps } from "./steps.ts";
import type { Atom, Edge, Group, Node, Repeat, Span } from "./regex_tree.ts";

/** What must hold between two characters. */
export type Condition =
  | { readonly type: "edge"; readonly edge: Edge }
  /** What depends on more than the two. */
  | { readonly type: "unsure" }
  /** That no earlier start would do as well. */
  | { readonly type: "guard"; readonly guard: Guard };

/** A way to a place. */
export interface Way {
  readonly to: number;
  readonly when: readonly Condition[];
}

/** Where a matcher stands: it has just taken one character. */
export interface Place {
  /** Which kinds of characters lead here. */
  readonly takes: readonly boolean[];
  /** The outermost repetition around it. */
  readonly loop: Loop | undefined;
  /** The innermost one. */
  readonly inner: Span | undefined;
  /** Whether the expression may end here, whatever follows. */
  free: boolean;
  /** Where it may go on to. */
  readonly ways: Way[];
}

/** A repetition with no other around it. */
export interface Loop extends Span {
  /** How many characters it may take. */
  readonly size: number;
}

/** All places of an expression. */
export interface Graph {
  readonly alphabet: Alphabet;
  readonly places: readonly Place[];
  /** Where it may begin. */
  readonly entries: readonly Way[];
}

/** Thrown where an expression is too large to be looked through in the steps there are. */
export class Tangled extends Error {}

/**
 * The graph of `tree`, where `guards` stand at the beginning of some choices; its parts and
 * its ways take `steps`. Throws {@linkcode Tangled}.
 */
export function graphOf(
  tree: Group,
  guards: readonly Guard[],
  steps: Steps,
): Graph {
  const builder = new Builder(new Alphabet(atomsOf(tree)), guards, steps);
  const { first, last } = builder.build(tree);
  for (const { from, when } of last) {
    const place = builder.places[from];
    if (place !== undefined && when.length === 0) place.free = true;
  }
  return {
    alphabet: builder.alphabet,
    places: builder.places,
    entries: first,
  };
}

/** Up to here, what is counted is written out. */
const COPIES_MAX = 128;

/** What a part takes, against one way. */
const PART_STEPS = 8;

/** Where a part begins, where it ends, and in which ways it is passed without a character. */
interface Fragment {
  readonly first: readonly Way[];
  readonly last: readonly {
    readonly from: number;
    readonly when: readonly Condition[];
  }[];
  readonly empty: readonly (readonly Condition[])[];
}

/** What must be known of a part that is repeated. */
interface Facts {
  readonly atoms: number;
  /** Whether it may take nothing. */
  readonly empties: boolean;
}

const NOTHING: Fragment = { first: [], last: [], empty: [[]] };

class Builder {
  readonly places: Place[] = [];
  readonly alphabet: Alphabet;
  readonly #guards: readonly Guard[];
  readonly #steps: Steps;
  readonly #facts = new Map<Node, Facts>();
  #loop: Loop | undefined;
  #inner: Span | undefined;

  constructor(alphabet: Alphabet, guards: readonly Guard[], steps: Steps) {
    this.alphabet = alphabet;
    this.#guards = guards;
    this.#steps = steps;
  }

  build(node: Node, backwards = false): Fragment {
    this.#spend(PART_STEPS);
    switch (node.type) {
      case "atom":
        return this.#atom(node);
      case "edge":
        return passedIf({ type: "edge", edge: node });
      case "reference":
        return passedIf({ type: "unsure" });
      case "group":
        return this.#group(node, backwards);
      case "repeat":
        return this.#repeat(node, backwards);
    }
  }

  #atom(atom: Atom): Fragment {
    const takes = this.alphabet.takenBy(atom);
    const at = this.places.push({
      takes,
      loop: this.#loop,
      inner: this.#inner,
      free: false,
      ways: [],
    }) - 1;
    return {
      first: [{ to: at, when: [] }],
      last: [{ from: at, when: [] }],
      empty: [],
    };
  }

  #group({ choices, look }: Group, backwards: boolean): Fragment {
    const reversed = look === undefined ? backwards : look === "behind";
    const [loop, inner] = [this.#loop, this.#inner];
    // What is looked at is gone through by itself.
    if (look !== undefined) this.#loop = this.#inner = undefined;
    const parts = choices.map((choice) => {
      const nodes = reversed ? choice.nodes.toReversed() : choice.nodes;
      const built = nodes.map((node) => this.build(node, reversed));
      const guard = this.#guards.find((each) => each.choice === choice);
      const begun = guard === undefined
        ? NOTHING
        : passedIf({ type: "guard", guard });
      return built.reduce((a, b) => this.#join(a, b), begun);
    });
    const whole: Fragment = {
      first: parts.flatMap(({ first }) => first),
      last: parts.flatMap(({ last }) => last),
      empty: parts.flatMap(({ empty }) => empty).slice(0, 2),
    };
    [this.#loop, this.#inner] = [loop, inner];
    // What only looks is entered, and left without having gone on.
    return look === undefined
      ? whole
      : { first: whole.first, last: [], empty: [[{ type: "unsure" }]] };
  }

  #repeat(repeat: Repeat, backwards: boolean): Fragment {
    const { node, min, max } = repeat;
    if (max === 0) return NOTHING;
    const once = () => this.build(node, backwards);
    if (max === 1) return min === 1 ? once() : optional(once());
    const { atoms, empties } = this.#factsOf(node);
    const written = !empties && min * atoms <= COPIES_MAX;
    const copies = !written || min === 0 ? 0 : min === max ? min : min - 1;
    let whole = NOTHING;
    for (let copy = 0; copy < copies; copy++) whole = this.#join(whole, once());
    if (copies === max) return whole;
    const rest = this.#loopOf(repeat, max - copies, backwards);
    // Empty rounds that are demanded may be any of them: one way more.
    if (empties && min > 1) this.#turn(rest);
    return this.#join(whole, min === 0 ? optional(rest) : rest);
  }

  /** What is repeated within what is repeated is asked about again for each copy. */
  #factsOf(node: Node): Facts {
    const known = this.#facts.get(node);
    if (known !== undefined) return known;
    const empties = mayBeEmpty(node);
    const facts = { atoms: atomsOf(node).length, empties };
    this.#facts.set(node, facts);
    return facts;
  }

  #loopOf(repeat: Repeat, rounds: number, backwards: boolean): Fragment {
    const [loop, inner] = [this.#loop, this.#inner];
    const { start, end } = repeat;
    this.#loop ??= { start, end, size: rounds * lengthOf(repeat.node) };
    this.#inner = { start, end };
    const body = this.build(repeat.node, backwards);
    this.#turn(body);
    [this.#loop, this.#inner] = [loop, inner];
    return body;
  }

  /** From the ends of `body` to its beginnings. */
  #turn({ first, last }: Fragment): void {
    for (const { from, when } of last) this.#lead(from, when, first);
  }

  #join(a: Fragment, b: Fragment): Fragment {
    for (const { from, when } of a.last) this.#lead(from, when, b.first);
    const into = a.empty.flatMap((passed) =>
      b.first.map(({ to, when }) => ({ to, when: [...passed, ...when] }))
    );
    const outOf = b.empty.flatMap((passed) =>
      a.last.map(({ from, when }) => ({ from, when: [...when, ...passed] }))
    );
    const empty = a.empty.flatMap((one) =>
      b.empty.map((other) => [...one, ...other])
    );
    return {
      first: [...a.first, ...into],
      last: [...outOf, ...b.last],
      empty: empty.slice(0, 2),
    };
  }

  #lead(from: number, passed: readonly Condition[], to: readonly Way[]): void {
    this.#spend(to.length);
    for (const way of to) {
      const when = [...passed, ...way.when];
      this.places[from]?.ways.push({ to: way.to, when });
    }
  }

  #spend(steps: number): void {
    if (!this.#steps.take(steps)) throw new Tangled();
  }
}

function passedIf(condition: Condition): Fragment {
  return { first: [], last: [], empty: [[condition]] };
}

function optional(fragment: Fragment): Fragment {
  return { ...fragment, empty: [[], ...fragment.empty].slice(0, 2) };
}

function mayBeEmpty(node: Node): boolean {
  switch (node.type) {
    case "atom":
      return false;
    case "repeat":
      return node.min === 0 || mayBeEmpty(node.node);
    case "group":
      return node.look !== undefined ||
        node.choices.some(({ nodes }) => nodes.every(mayBeEmpty));
    default:
      return true;
  }
}

/** How many rounds `node` demands that may take nothing, those within rounds counted for each. */
export function idleRounds(node: Node): number {
  switch (node.type) {
    case "repeat":
      return idleRounds(node.node) *
        (mayBeEmpty(node.node) ? node.min || 1 : 1);
    case "group":
      return Math.max(
        1,
        ...node.choices.flatMap(({ nodes }) => nodes.map(idleRounds)),
      );
    default:
      return 1;
  }
}

/** How many characters `node` may take. */
function lengthOf(node: Node): number {
  switch (node.type) {
    case "atom":
      return 1;
    case "repeat":
      return node.max === 0 ? 0 : node.max * lengthOf(node.node) || 0;
    case "group":
      if (node.look !== undefined) return 0;
      return Math.max(
        ...node.choices.map(({ nodes }) =>
          nodes.reduce((sum, each) => sum + lengthOf(each), 0)
        ),
      );
    default:
      return 0;
  }
}
