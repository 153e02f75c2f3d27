/**
 * How likely a token and its alternatives were, out of one draw of 32 bits: most tokens are almost
 * certain, and those of one place are never more than 1 together. Knows no tokens.
 *
 * @module
 */

/** How many likelihoods there are: as many as a draw has low bits for. */
const LEVEL_BITS = 12;
const LEVELS = 1 << LEVEL_BITS;

/** Which alternatives a token has is in the bits above those that say how likely it is. */
const PLACE_BITS = LEVEL_BITS + 2;

/** Which part of what is left of 1 the likeliest alternative has, and the next of what then is left. */
const SHARES: readonly number[] = [0.5, 0.6, 0.7, 0.8];

/** Most alternatives that are asked for. */
const RANKS = 20;

/**
 * Logarithms by level: of the token that was told, and of what is left for others. Looked up
 * and then only added, since engines differ in the last digit of a logarithm and these must not.
 */
const TOLD = new Float64Array(LEVELS);
const LEFT = new Float64Array(LEVELS);

/** Logarithms of the parts of what is left, by share and rank. */
const PARTS = SHARES.map((share) =>
  Float64Array.from({ length: RANKS + 1 }, (_, rank) =>
    // A little less than all: rounding must not make the sum more than 1.
    digits(Math.log(0.95 * share) + rank * Math.log(1 - share)))
);

for (let level = 0; level < LEVELS; level++) {
  const u = (level + 0.5) / LEVELS;
  const left = 2e-7 + 0.9 * u * u * u * u;
  TOLD[level] = digits(Math.log1p(-left));
  LEFT[level] = digits(Math.log(left));
}

/** To eight decimals, about as many as a provider tells. */
function digits(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}

/** How likely the token was that was told: a logarithm. */
export function likelihood(draw: number): number {
  return TOLD[draw & (LEVELS - 1)] ?? 0;
}

/** The same of its alternative of `rank`, the likeliest first. */
export function likelihoodOf(draw: number, rank: number): number {
  const parts = PARTS[(draw >>> LEVEL_BITS) & 3];
  return digits((LEFT[draw & (LEVELS - 1)] ?? 0) + (parts?.[rank] ?? 0));
}

/** Which alternatives it has. */
export function placeOf(draw: number): number {
  return draw >>> PLACE_BITS;
}
