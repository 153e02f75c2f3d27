/**
 * What is wrong with a template, in our words: the engine's are not shown to anyone.
 *
 * @module
 */

/** What is wrong, and how to mend it. */
export interface Words {
  /** One sentence: upper-case first, no full stop. */
  readonly message: string;
  /** What to do, as an instruction. */
  readonly remedy: string;
  /** A name that nobody knows, and those that are known, for whoever can tell which was meant. */
  readonly near?: { readonly name: string; readonly known: readonly string[] };
}

type Wording = (
  match: readonly string[],
  known: {
    readonly filters: readonly string[];
    readonly tags: readonly string[];
  },
) => Words;

const VALUE =
  'Write a value as {{ name }}, a literal one in quotes: {{ "text" }}';

/** What the engine says, and what it means. */
const WORDINGS: readonly (readonly [RegExp, Wording])[] = [
  [/^output .* not closed/s, () => ({
    message: "What is opened with {{ is never closed",
    remedy: "Close it with }}",
  })],
  [/^tag ".* not closed/s, () => ({
    message: "What is opened with {% is never closed",
    remedy: "Close it with %}",
  })],
  [/^raw .* not closed/s, () => unended("raw")],
  [
    /^tag \{%-?\s*(\w+).* not closed/s,
    ([, name = ""]) => unended(name),
  ],
  [/^tag "(.*)" not found/s, ([, name = ""], { tags }) => noTag(name, tags)],
  [/^undefined filter: (.*)/s, ([, name = ""], { filters }) => ({
    message: `There is no filter "${name}"`,
    remedy: "Use one of Liquid's filters, such as upcase, default or json",
    near: { name, known: filters },
  })],
  [/^illegal tag: \{%-?\s*(\w+)/s, ([, name]) => ({
    message: "This loop is not written as one",
    remedy: `Write it as {% ${name} item in list %}`,
  })],
  [/^expected (variable name|"=")/, () => ({
    message: "This assignment is not written as one",
    remedy: "Write it as {% assign name = value %}",
  })],
  [/^invalid capture name/, () => ({
    message: "This capture has no name",
    remedy: "Write it as {% capture name %}...{% endcapture %}",
  })],
  [/^empty candidates/, () => ({
    message: "This cycle has nothing to choose from",
    remedy: 'Write it as {% cycle "a", "b" %}',
  })],
  [/^illegal tag syntax/, () => ({
    message: "A tag has a name",
    remedy: "Write it as {% if name %} or {% for item in list %}",
  })],
  [/^(unexpected elsif after else|duplicated else)/, () => ({
    message: "Something follows the else of this condition",
    remedy: "Put the one else last",
  })],
  [/^expected "\|" before filter/, () => ({
    message: "A value is followed by something that is no filter",
    remedy:
      "Put | before a filter: {{ name | upcase }}; compare with ==, not with =",
  })],
  [/^expected filter name/, () => ({
    message: "After | a filter is missing",
    remedy: "Write it as {{ name | upcase }}",
  })],
  [/^\[ not closed/, () => ({
    message: 'The "[" is never closed',
    remedy: 'Close it with "]": {{ messages[0].text }}',
  })],
  [/^(invalid range|unbalanced parentheses)/, () => ({
    message: "This range is not written as one",
    remedy: "Write it as (1..10)",
  })],
  [/^nested too deep|call stack/, () => ({
    message: "Tags are nested too deep",
    remedy: "Nest fewer of them",
  })],
  [/^(invalid value expression|unexpected token)/, () => ({
    message: "A value is missing, or is not written as one",
    remedy: VALUE,
  })],
];

/** What `said`, the engine's words at reading, means. */
export function wordsOf(
  said: string,
  known: {
    readonly filters: readonly string[];
    readonly tags: readonly string[];
  },
): Words {
  for (const [pattern, wording] of WORDINGS) {
    const match = pattern.exec(said);
    if (match !== null) return wording(match, known);
  }
  return {
    message: "This is not Liquid",
    remedy:
      `${VALUE}; what means itself goes between {% raw %} and {% endraw %}`,
  };
}

/** What `said`, the engine's words at rendering, means: a part of a sentence. */
export function reasonOf(said: string): string {
  if (said.startsWith("memory alloc limit")) {
    return "its filters make too much on the way";
  }
  if (said.startsWith("invalid base64")) {
    return "base64_decode is given something else than base64";
  }
  const filter = /^(append|prepend) expect/.exec(said);
  if (filter !== null) return `${filter[1]} is not told what`;
  return "a filter or a tag cannot work with what it is given";
}

function unended(name: string): Words {
  return {
    message: `The ${name} that begins here never ends`,
    remedy: `End it with {% end${name} %}`,
  };
}

function noTag(name: string, tags: readonly string[]): Words {
  if (["include", "render", "layout", "block"].includes(name)) {
    return {
      message: `Templates read no other files, so they have no ${name}`,
      remedy: "Write here what the other file would say",
    };
  }
  if (/^(end\w*|else|elsif|when)$/.test(name)) {
    return {
      message: `There is nothing that this ${name} could belong to`,
      remedy: "Take it out, or open what it belongs to before it",
    };
  }
  return {
    message: `There is no tag "${name}"`,
    remedy: "Use one of Liquid's tags, such as if, for, case or assign",
    near: { name, known: tags },
  };
}
