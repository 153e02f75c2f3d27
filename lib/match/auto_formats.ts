/**
 * Texts of the formats that a JSON Schema may demand.
 *
 * @module
 */

import type { Random } from "../core/random.ts";
import { pick, word } from "./auto_words.ts";

/** A text of `format`; undefined for formats that nobody knows. */
export function textOfFormat(
  format: string,
  random: Random,
): string | undefined {
  return FORMATS.get(format)?.(random);
}

type Maker = (random: Random) => string;

const FORMATS: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ["date", date],
  ["time", (random) => `${time(random)}Z`],
  ["date-time", (random) => `${date(random)}T${time(random)}Z`],
  ["duration", (random) => `PT${1 + random.below(59)}M`],
  ["email", email],
  ["idn-email", email],
  ["hostname", host],
  ["idn-hostname", host],
  ["ipv4", (random) => `192.0.2.${1 + random.below(254)}`],
  ["ipv6", (random) => `2001:db8::${(1 + random.below(0xfffe)).toString(16)}`],
  ["cidrv4", (random) => `192.0.2.${random.below(255)}/24`],
  ["cidrv6", () => "2001:db8::/32"],
  ["uri", uri],
  ["url", uri],
  ["iri", uri],
  ["uri-reference", (random) => `/${word(random)}`],
  ["iri-reference", (random) => `/${word(random)}`],
  ["uri-template", (random) => `https://example.com/${word(random)}/{id}`],
  ["uuid", uuid],
  ["guid", uuid],
  ["json-pointer", (random) => `/${word(random)}`],
  ["relative-json-pointer", () => "0"],
  ["regex", (random) => `^${word(random)}$`],
  ["byte", base64],
  ["base64", base64],
  ["base64url", base64],
  ["e164", (random) => `+1555010${1000 + random.below(9000)}`],
  ["emoji", (random) => pick(["🙂", "🌍", "🚀"], random)],
]);

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

function date(random: Random): string {
  const month = twoDigits(1 + random.below(12));
  return `20${20 + random.below(10)}-${month}-${
    twoDigits(1 + random.below(28))
  }`;
}

function time(random: Random): string {
  const parts = [random.below(24), random.below(60), random.below(60)];
  return parts.map(twoDigits).join(":");
}

function host(random: Random): string {
  return `${word(random)}.example.com`;
}

function email(random: Random): string {
  return `${word(random)}${random.below(100)}@example.com`;
}

function uri(random: Random): string {
  return `https://example.com/${word(random)}/${random.below(1_000)}`;
}

/** Twelve characters of it, which need no padding. */
function base64(random: Random): string {
  return random.text(12);
}

/** An identifier of version 4. */
function uuid(random: Random): string {
  const digits = random.hex(30);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(12, 15)}`,
    `${pick(["8", "9", "a", "b"], random)}${digits.slice(15, 18)}`,
    digits.slice(18, 30),
  ].join("-");
}
