/**
 * In how many ways a matcher may go through a text before it gives up.
 *
 * A matcher that fails goes back and tries every other way. So the question is how many ways
 * lead through the same text. Where a repetition can be gone through in two ways by the same
 * characters, they double with each round; where the end of one repetition and the beginning of
 * the next, or of a new attempt, can be shifted, they multiply. Ways that lead to a match are
 * no trouble: the first is taken. (The ideas are Weber's and Seidl's, and Weideman's.)
 *
 * @module
 */

import {
  type Condition,
  type Graph,
  type Loop,
  Tangled,
  type Way,
} from "./regex_graph.ts";
import type { Guard } from "./regex_guard.ts";
import type { Span } from "./regex_tree.ts";
import type { Steps } from "./steps.ts";

/** Where too many ways come from. */
export type Worst =
  | { readonly type: "doubling"; readonly loop: Span }
  | { readonly type: "shifting"; readonly from: Span; readonly to: Span }
  | { readonly type: "starting"; readonly to: Span };

/** By what expressions are judged. */
export interface Bounds {
  /** The longest text that an expression sees. */
  readonly inputChars: number;
  /** What it may take to go through that. */
  readonly matchSteps: number;
  /** What it may take to find out. */
  readonly judgeSteps: Steps;
  /** Whether every glance counts, and not only what most of the work is for a usual expression. */
  readonly strict: boolean;
}

/** Stands for the search itself, which starts anew at each character. */
const SEARCH = -1;

/** Two places between which ways can be shifted, by a text of so many characters. */
interface Pair {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/** Judges one expression. */
export class Judge {
  readonly #graph: Graph;
  readonly #looping: readonly number[];
  readonly #reach: readonly ReadonlySet<number>[];
  readonly #bounds: Bounds;
  readonly #inputChars: number;
  #before: readonly number[] | undefined;

  /** Judges by `bounds`. Throws {@linkcode Tangled}, as all of it may. */
  constructor(graph: Graph, bounds: Bounds) {
    this.#graph = graph;
    this.#bounds = bounds;
    this.#inputChars = bounds.inputChars;
    this.#reach = graph.places.map((_, at) => this.#reachedFrom(at));
    this.#looping = graph.places.map((_, at) => at).filter((at) =>
      this.#reach[at]?.has(at) && !graph.places[at]?.free
    );
  }

  /** A repetition that the same text goes through in two ways. */
  doubling(): Worst | undefined {
    const seen = new Set<Loop>();
    for (const at of this.#looping) {
      const loop = this.#loop(at);
      if (loop === undefined || seen.has(loop)) continue;
      seen.add(loop);
      const ways = 2 ** Math.min(loop.size, 60) * this.#inputChars;
      if (ways > this.#bounds.matchSteps && this.#doubles(at)) {
        return { type: "doubling", loop };
      }
    }
    return this.#stranded();
  }

  /**
   * Shifts within one repetition. They would double, were it not that no text leads round: in
   * `(x*x*$y)+` nothing follows the end. A matcher tries them all before it finds that out.
   */
  #stranded(): Worst | undefined {
    for (const from of this.#looping) {
      this.#glance(this.#looping.length);
      for (const to of this.#looping) {
        if (from === to || this.#loop(from) !== this.#loop(to)) continue;
        if (!this.#reach[to]?.has(from) || this.#leads(to, from)) continue;
        const length = this.#shifts(from, to) ?? Infinity;
        const times = this.#inputChars * this.#size(from) / length;
        if (times * this.#size(to) > this.#bounds.matchSteps) {
          return this.#between(from, to);
        }
      }
    }
    return undefined;
  }

  #leads(from: number, to: number): boolean {
    const ways = [this.#within(from)];
    return this.#walk({ start: [from], goal: [to], ways }) !== undefined;
  }

  /** The last of several repetitions that share a text in too many ways. */
  shifting(): Worst | undefined {
    const pairs = this.#pairs();
    const begun = new Map<Loop, number>();
    for (let changed = true; changed;) {
      changed = false;
      this.#glance(pairs.length);
      for (const { from, to, length } of pairs) {
        const loop = this.#loop(to);
        if (loop === undefined) continue;
        const times = this.#begun(from, begun) * this.#size(from) / length;
        if (times <= (begun.get(loop) ?? 1)) continue;
        begun.set(loop, times);
        changed = true;
        if (times * this.#size(to) > this.#bounds.matchSteps) {
          return this.#between(from, to);
        }
      }
    }
    return undefined;
  }

  #between(from: number, to: number): Worst | undefined {
    const [before, after] = [from, to].map((at) =>
      this.#graph.places[at]?.inner
    );
    if (after === undefined) return undefined;
    return before === undefined
      ? { type: "starting", to: after }
      : { type: "shifting", from: before, to: after };
  }

  /** How often what repeats at `from` is begun, by all that is known so far. */
  #begun(from: number, begun: ReadonlyMap<Loop, number>): number {
    if (from === SEARCH) return 1;
    this.#glance(this.#graph.places.length);
    let most = 1;
    for (const [at] of this.#graph.places.entries()) {
      const loop = this.#loop(at);
      if (loop === undefined || !this.#reach[at]?.has(from)) continue;
      most = Math.max(most, begun.get(loop) ?? 1);
    }
    return most;
  }

  #size(at: number): number {
    const size = at === SEARCH ? Infinity : this.#loop(at)?.size ?? 1;
    return Math.min(size, this.#inputChars);
  }

  #loop(at: number): Loop | undefined {
    return this.#graph.places[at]?.loop;
  }

  // Walks through two or three copies of the graph at once ────────────────────

  #doubles(at: number): boolean {
    const within = this.#within(at);
    return this.#walk({
      start: [at, at],
      ways: [within, within],
      marks: (before, after, [one, other]) =>
        after[0] !== after[1] || before[0] === before[1] && one !== other,
    }) !== undefined;
  }

  #pairs(): Pair[] {
    const pairs: Pair[] = [];
    for (const to of this.#looping) {
      const guards = new Set<Guard | undefined>([undefined]);
      this.#glance(this.#graph.entries.length);
      for (const { when } of this.#graph.entries) {
        for (const each of when) {
          if (each.type === "guard") guards.add(each.guard);
        }
      }
      for (const guard of guards) {
        const length = this.#shiftsFromSearch(to, guard);
        if (length !== undefined) pairs.push({ from: SEARCH, to, length });
      }
      this.#glance(this.#looping.length);
      for (const from of this.#looping) {
        if (this.#loop(from) === this.#loop(to)) continue;
        if (!this.#reach[from]?.has(to)) continue;
        const length = this.#shifts(from, to);
        if (length !== undefined) pairs.push({ from, to, length });
      }
    }
    return pairs;
  }

  /** The shortest text that leads from `from` back to it, to `to`, and from there back to it. */
  #shifts(from: number, to: number): number | undefined {
    return this.#walk({
      start: [from, from, to],
      goal: [from, to, to],
      ways: [this.#within(from), this.#towards(to), this.#within(to)],
    });
  }

  #shiftsFromSearch(to: number, guard: Guard | undefined): number | undefined {
    this.#glance(this.#graph.entries.length);
    const vain = guard && this.#graph.alphabet.takenBy(guard.loop);
    const entries = this.#graph.entries.filter(({ when, to: at }) =>
      (at === to || this.#reach[at]?.has(to)) &&
      when.find((each) => each.type === "guard")?.guard === guard
    );
    const next = this.#towards(to);
    return this.#walk({
      start: [SEARCH, to],
      goal: [to, to],
      ways: [
        (at) => at === SEARCH ? entries : next(at),
        this.#within(to),
      ],
      stays: SEARCH,
      ...(vain && { marks: (_before, _after, _ways, kind) => !vain[kind] }),
    });
  }

  #within(at: number): Go {
    return this.#go((to) => this.#reach[to]?.has(at) === true);
  }

  #towards(goal: number): Go {
    return this.#go((to) => to === goal || this.#reach[to]?.has(goal) === true);
  }

  /** The ways from each place to those that `leads` names. */
  #go(leads: (to: number) => boolean): Go {
    const known = new Map<number, readonly Way[]>();
    return (at) => {
      const before = known.get(at);
      if (before !== undefined) return before;
      const all = this.#graph.places[at]?.ways ?? [];
      this.#glance(all.length);
      const ways = all.filter(({ to }) => leads(to));
      known.set(at, ways);
      return ways;
    };
  }

  /**
   * The length of the shortest text by which all copies get from their starts to their goals
   * (their starts, if none are given); where `marks` is given, it must have held on the way.
   */
  #walk(walk: Walk): number | undefined {
    for (const before of this.#kindsBefore()) {
      const length = this.#walkFrom(walk, before);
      if (length !== undefined) return length;
    }
    return undefined;
  }

  #walkFrom(walk: Walk, before: number): number | undefined {
    const { start, goal = start, marks } = walk;
    let nodes: Step[] = [{
      places: start,
      before,
      marked: marks === undefined,
    }];
    const seen = new Set<number>();
    for (let length = 1; nodes.length > 0; length++) {
      const next: Step[] = [];
      for (const node of nodes) {
        for (const step of this.#steps(node, walk)) {
          const same = step.places.every((at, i) => at === goal[i]);
          const round = before === NO_MATTER || step.before === before;
          if (same && round && step.marked) return length;
          const key = this.#keyOf(step);
          if (seen.has(key)) continue;
          seen.add(key);
          next.push(step);
        }
      }
      nodes = next;
    }
    return undefined;
  }

  /** A number of its own for each step. */
  #keyOf({ places, before, marked }: Step): number {
    let key = before + 1;
    for (const at of places) {
      key = key * (this.#graph.places.length + 1) + at + 1;
    }
    return 2 * key + (marked ? 1 : 0);
  }

  /** All copies go one character on, in every way they can. */
  *#steps({ places, before, marked }: Step, walk: Walk): Generator<Step> {
    for (let kind = 0; kind < this.#graph.alphabet.size; kind++) {
      this.#spend();
      for (const ways of this.#together(places, before, kind, walk)) {
        this.#spend();
        const after = ways.map((way) => typeof way === "number" ? way : way.to);
        yield {
          places: after,
          before: before === NO_MATTER ? before : kind,
          marked: marked || walk.marks?.(places, after, ways, kind) === true,
        };
      }
    }
  }

  /** Every combination of ways for the copies, by a character of `kind`. */
  #together(
    places: readonly number[],
    before: number,
    kind: number,
    { ways, stays }: Walk,
  ): (Way | number)[][] {
    let all: (Way | number)[][] = [[]];
    for (const [copy, at] of places.entries()) {
      const open: (Way | number)[] = at === stays ? [at] : [];
      for (const way of ways[copy]?.(at) ?? []) {
        this.#spend();
        if (this.#isOpen(way, before, kind)) open.push(way);
      }
      if (open.length === 0) return [];
      this.#glance(all.length * open.length);
      all = all.flatMap((some) => open.map((way) => [...some, way]));
    }
    return all;
  }

  #isOpen({ to, when }: Way, before: number, kind: number): boolean {
    return this.#graph.places[to]?.takes[kind] === true &&
      when.every((each) => this.#mayHold(each, before, kind));
  }

  #spend(steps = 1): void {
    if (!this.#bounds.judgeSteps.take(steps)) throw new Tangled();
  }

  /** What is dear only where somebody wants it to be. */
  #glance(steps: number): void {
    if (this.#bounds.strict) this.#spend(steps);
  }

  // Conditions ────────────────────────────────────────────────────────────────

  /** Every kind of character that may come before; one that does not matter if nothing asks. */
  #kindsBefore(): readonly number[] {
    return this.#before ??= this.#allBefore();
  }

  #allBefore(): readonly number[] {
    const { alphabet, entries, places } = this.#graph;
    const asks = [...entries, ...places.flatMap(({ ways }) => ways)]
      .some(({ when }) => when.some(({ type }) => type === "edge"));
    return asks ? Array.from({ length: alphabet.size }, (_, at) => at) : [
      NO_MATTER,
    ];
  }

  /** Whether `condition` can hold between a character of each kind. */
  #mayHold(condition: Condition, before: number, kind: number): boolean {
    if (condition.type !== "edge") return true;
    const { breaks, words } = this.#graph.alphabet;
    switch (condition.edge.kind) {
      case "start":
        return condition.edge.lines && breaks[before] === true;
      case "end":
        return condition.edge.lines && breaks[kind] === true;
      case "word":
        return words[before] !== words[kind];
      case "inside":
        return words[before] === words[kind];
    }
  }

  #reachedFrom(start: number): ReadonlySet<number> {
    const reached = new Set<number>();
    const left = [start];
    for (let at = left.pop(); at !== undefined; at = left.pop()) {
      const ways = this.#graph.places[at]?.ways ?? [];
      this.#glance(ways.length);
      for (const { to } of ways) {
        if (reached.has(to)) continue;
        reached.add(to);
        left.push(to);
        this.#spend();
      }
    }
    return reached;
  }
}

const NO_MATTER = -1;

/** Where all copies stand. */
interface Step {
  readonly places: readonly number[];
  /** The kind of the character just taken. */
  readonly before: number;
  /** Whether what must be met has been. */
  readonly marked: boolean;
}

/** The ways that are open at a place. */
type Go = (at: number) => readonly Way[];

interface Walk {
  readonly start: readonly number[];
  readonly goal?: readonly number[];
  /** Where each copy may go. */
  readonly ways: readonly Go[];
  /** A place that every character leads back to. */
  readonly stays?: number;
  readonly marks?: (
    before: readonly number[],
    after: readonly number[],
    ways: readonly (Way | number)[],
    kind: number,
  ) => boolean;
}
