import assert from "node:assert/strict";
import fc from "fast-check";
import {
  TEMPLATE_ALLOCATIONS_MAX,
  TEMPLATE_CHARS_MAX,
  TEMPLATE_DEPTH_MAX,
  TEMPLATE_STEPS_MAX,
  TEMPLATES_KEPT_MAX,
} from "../../lib/core/limits.ts";
import { Random } from "../../lib/core/random.ts";
import {
  checkTemplate,
  loadTemplates,
  renderTemplate,
  TEMPLATE_NAMES,
  TemplateError,
} from "../../lib/match/template.ts";

await loadTemplates();

const NOW = "2026-11-21T10:20:30.000Z";

function render(
  source: string,
  scope: Record<string, unknown> = {},
  seed = 7,
): string {
  return renderTemplate(source, { now: NOW, ...scope }, new Random(seed));
}

function fails(source: string, scope: Record<string, unknown> = {}): string {
  try {
    render(source, scope);
  } catch (error) {
    assert.ok(error instanceof TemplateError, String(error));
    return error.message;
  }
  assert.fail(`${source} was rendered`);
}

// What they say ───────────────────────────────────────────────────────────────

const scope = {
  prompt: "Where is order #42?",
  captures: { id: "42" },
  id: "42",
  messages: [{ role: "user", text: "Hi" }, { role: "assistant", text: "Yes?" }],
  headers: { "x-tenant": "acme" },
  body: { metadata: { user: "ann", tags: ["a", "b"] }, n: 1.5, none: null },
  counter: 3,
};

const rendered: Record<string, string> = {
  "Order {{ id }} has shipped.": "Order 42 has shipped.",
  "{{ captures.id }}/{{ captures['id'] }}": "42/42",
  "{{ prompt | upcase }}": "WHERE IS ORDER #42?",
  "{{ messages | size }}: {{ messages.last.text }}": "2: Yes?",
  "{% for m in messages %}{{ m.role }}={{ m.text }};{% endfor %}":
    "user=Hi;assistant=Yes?;",
  "{{ headers['x-tenant'] }}": "acme",
  "{{ body.metadata.user }} {{ body.n }} [{{ body.none }}]": "ann 1.5 []",
  "{{ body.metadata }}": '{"user":"ann","tags":["a","b"]}',
  "{{ body.metadata.tags }} {{ body.metadata.tags | join: ', ' }}": "ab a, b",
  "{{ body.metadata.tags | json }}": '["a","b"]',
  "{% if counter > 2 %}again{% else %}first{% endif %}": "again",
  "[{{ nothing }}][{{ nothing.at.all }}][{{ body.no.such }}]": "[][][]",
  "{{ now | date: '%Y-%m-%d %H:%M' }}": "2026-11-21 10:20",
  "{{ 'now' | date: '%Y-%m-%d %H:%M' }}": "2026-11-21 10:20",
  "{{ 'today' | date_to_string }}": "21 Nov 2026",
  "{% raw %}{{ id }}{% endraw %}": "{{ id }}",
  "{% increment id %}{{ captures.id }}": "042",
  "{% tablerow m in messages %}{{ m.role }}{% endtablerow %}":
    '<tr class="row1"><td class="col1">user</td><td class="col2">assistant</td></tr>',
  "{% capture x %}{{ id }}!{% endcapture %}{{ x }}{{ x }}": "42!42!",
  "{% for i in (1..9) %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}":
    "12",
  "plain { text } with % and }}": "plain { text } with % and }}",
  "": "",
};

for (const [source, expected] of Object.entries(rendered)) {
  Deno.test(`template ${JSON.stringify(source)} says ${JSON.stringify(expected)}`, () =>
    assert.equal(render(source, scope), expected));
}

Deno.test("a rendering changes nothing in its scope", () => {
  const before = structuredClone(scope);
  render(
    "{% increment counter %}{% assign prompt = 'x' %}{{ body.metadata.tags | push: 'c' }}",
    scope,
  );
  assert.deepEqual(scope, before);
});

Deno.test("law: what a template prints is never read as a template", () => {
  const unit = fc.constantFrom(..."{}%- \"'|abi#\n", "{{ id }}", "{% raw %}");
  fc.assert(fc.property(fc.string({ unit }), (prompt) => {
    assert.equal(render("{{ prompt }}", { prompt, id: "!" }), prompt);
    assert.equal(render("{{ body.x }}", { body: { x: prompt } }), prompt);
  }));
});

Deno.test("only own properties can be named", () => {
  const body = JSON.parse('{"__proto__": {"x": "own"}, "list": [1]}');
  assert.equal(render("{{ body.__proto__.x }}", { body }), "own");
  for (
    const path of [
      "body.constructor.name",
      "body.toString",
      "body.list.constructor",
      "body.list.map",
      "constructor",
      "__proto__",
      "prompt.constructor",
      "captures.__proto__",
      "hasOwnProperty",
    ]
  ) {
    assert.equal(render(`{{ ${path} }}`, { body, prompt: "p" }), "", path);
  }
});

Deno.test("a body that pretends to be other things is printed as the data it is", () => {
  const body = JSON.parse(
    '{"toString": 1, "valueOf": "x", "toLiquid": true, "toJSON": null, "size": 9}',
  );
  assert.equal(render("{{ body }}", { body }), JSON.stringify(body));
  assert.equal(render("{{ body.size }}", { body }), "9");
});

// Chance and time ─────────────────────────────────────────────────────────────

Deno.test("uuid, random and pick come from the seed, anew at each use", () => {
  const source =
    '{{ uuid }} {{ uuid }} {{ random }} {{ random }} {{ "a,b,c" | split: "," | pick }}';
  const once = render(source, {}, 1);
  assert.equal(render(source, {}, 1), once);
  assert.notEqual(render(source, {}, 2), once);
  const [first = "", second, one, two] = once.split(" ");
  assert.match(
    first,
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.notEqual(first, second);
  assert.notEqual(one, two);
  assert.ok(Number(one) >= 0 && Number(one) < 1);
});

Deno.test("pick reaches every item, and leaves alone what is no list", () => {
  const picked = new Set(
    Array.from(
      { length: 100 },
      (_, seed) => render('{{ "a,b,c" | split: "," | pick }}', {}, seed),
    ),
  );
  assert.deepEqual([...picked].sort(), ["a", "b", "c"]);
  assert.equal(render('{{ "abc" | pick }}[{{ none | pick }}]'), "abc[]");
  assert.equal(render("[{{ body | pick }}]", { body: [] }), "[]");
});

// Bounds ──────────────────────────────────────────────────────────────────────

Deno.test(`loops go ${TEMPLATE_STEPS_MAX} rounds together and no further, empty ones too`, () => {
  const half = TEMPLATE_STEPS_MAX / 2;
  const loop = (rounds: number) => `{% for i in (1..${rounds}) %}{% endfor %}`;
  assert.equal(render(loop(half) + loop(half)), "");
  assert.equal(
    fails(`${loop(half)}\n  ${loop(half + 1)}`),
    "line 2, column 3: its loops go more than 10000 rounds",
  );
  assert.match(
    fails(
      "{% for i in (1..101) %}{% for j in (1..100) %}{% endfor %}{% endfor %}",
    ),
    /its loops go more/,
  );
  assert.match(
    fails(
      `{% tablerow i in (1..${TEMPLATE_STEPS_MAX + 1}) %}{% endtablerow %}`,
    ),
    /its loops go more/,
  );
});

Deno.test(`a template makes ${TEMPLATE_CHARS_MAX} characters and no more`, () => {
  const prompt = "x".repeat(TEMPLATE_CHARS_MAX);
  assert.equal(render("{{ prompt }}", { prompt }), prompt);
  const excess = "line 1, column 1: it makes more than 1048576 characters";
  assert.equal(fails("{{ prompt }}!", { prompt }), excess.replace("1:", "13:"));
  assert.equal(fails("{{ prompt }}", { prompt: `${prompt}x` }), excess);
  assert.match(
    fails("{% capture x %}{{ prompt }}!{% endcapture %}", { prompt }),
    /it makes more than/,
  );
});

Deno.test("what filters make on the way is bounded", () => {
  assert.ok(
    TEMPLATE_ALLOCATIONS_MAX >= 32 * 1024 * 1024,
    "a whole body may pass",
  );
  for (
    const source of [
      "{% assign x = prompt %}{% for i in (1..40) %}{% assign x = x | append: x %}{% endfor %}",
      "{% for i in (1..1000000000) %}{% endfor %}",
      "{{ now | date: '%999999999d' }}",
      "{% assign s = prompt | replace: 'a', prompt %}{% assign s = s | replace: 'a', prompt %}",
    ]
  ) {
    assert.equal(
      fails(source, { prompt: "a".repeat(10_000) }).replace(/^.*: /, ""),
      "its filters make too much on the way",
      source,
    );
  }
});

Deno.test("more templates than are kept still render as they are written", () => {
  for (let i = 0; i < TEMPLATES_KEPT_MAX + 10; i++) {
    assert.equal(render(`${i}{{ x }}`, { x: "!" }), `${i}!`);
  }
  assert.equal(render("0{{ x }}", { x: "?" }), "0?");
});

Deno.test("what a filter cannot do is told with its place", () => {
  assert.equal(
    fails("one\n two {{ 'é' | base64_decode }}"),
    "line 2, column 6: base64_decode is given something else than base64",
  );
  assert.equal(
    fails("{{ prompt | append }}"),
    "line 1, column 1: append is not told what",
  );
});

Deno.test("a template that cannot be read says so when rendered", () => {
  assert.equal(
    fails("ok\n{{ prompt"),
    "line 2, column 1: What is opened with {{ is never closed",
  );
});

// Checking ────────────────────────────────────────────────────────────────────

const faults: Record<
  string,
  [message: string, remedy: RegExp, line?: number, column?: number]
> = {
  "{{ prompt": ["What is opened with {{ is never closed", /}}/],
  "{% if prompt": ["What is opened with {% is never closed", /%}/],
  "a\n b {% if prompt %}x": [
    "The if that begins here never ends",
    /\{% endif %\}/,
    2,
    4,
  ],
  "{% for m in messages %}": ["The for that begins here never ends", /endfor/],
  "{% raw %}x": ["The raw that begins here never ends", /endraw/, 1, 10],
  "{% comment %}x": ["The comment that begins here never ends", /endcomment/],
  "{% foo %}": ['There is no tag "foo"', /such as if/],
  "{{ prompt | upcas }}": ['There is no filter "upcas"', /such as upcase/],
  "{{ prompt | sha256 }}": ['There is no filter "sha256"', /such as/],
  "{{ prompt | sample }}": ['There is no filter "sample"', /such as/],
  "{% include 'a' %}": [
    "Templates read no other files, so they have no include",
    /Write here/,
  ],
  "{% render 'a' %}": [
    "Templates read no other files, so they have no render",
    /Write here/,
  ],
  "{% layout 'a' %}": [
    "Templates read no other files, so they have no layout",
    /Write here/,
  ],
  "{% endif %}": [
    "There is nothing that this endif could belong to",
    /Take it out/,
  ],
  "{% else %}": [
    "There is nothing that this else could belong to",
    /Take it out/,
  ],
  "{% if prompt %}{% else %}{% else %}{% endif %}": [
    "Something follows the else of this condition",
    /last/,
  ],
  "{% for m of messages %}{% endfor %}": [
    "This loop is not written as one",
    /item in list/,
  ],
  "{% assign x %}": [
    "This assignment is not written as one",
    /name = value/,
    1,
    12,
  ],
  "{% capture %}{% endcapture %}": [
    "This capture has no name",
    /capture name/,
    1,
    11,
  ],
  "{% cycle %}": ["This cycle has nothing to choose from", /cycle/, 1, 9],
  "{% %}": ["A tag has a name", /if name/, 1, 4],
  "{% if prompt = 1 %}{% endif %}": [
    "A value is followed by something that is no filter",
    /==/,
    1,
    15,
  ],
  "{{ }}": [
    "A value is missing, or is not written as one",
    /\{\{ name \}\}/,
    1,
    4,
  ],
  "{{ body[ }}": ['The "[" is never closed', /messages\[0\]/, 1, 9],
  "{% if prompt %}x{% elsif %}{% endif %}": [
    "A value is missing, or is not written as one",
    /name/,
    1,
    25,
  ],
};

for (
  const [source, [message, remedy, line, column]] of Object.entries(faults)
) {
  const shown = JSON.stringify(source.slice(0, 60));
  Deno.test(`checkTemplate() says of ${shown}: ${message}`, async () => {
    const fault = await checkTemplate(source);
    assert.equal(fault?.code, "bad-template");
    assert.equal(fault.message, message);
    assert.match(fault.remedy, remedy);
    assert.deepEqual([fault.line, fault.column], [line ?? 1, column ?? 1]);
  });
}

Deno.test(`tags nest ${TEMPLATE_DEPTH_MAX} deep and no deeper, brackets not without end`, async () => {
  const nested = (depth: number) =>
    "{% if prompt %}".repeat(depth) + "x" + "{% endif %}".repeat(depth);
  assert.equal(render(nested(TEMPLATE_DEPTH_MAX), { prompt: "p" }), "x");
  const brackets = `{{ ${"body[".repeat(50_000)}1${"]".repeat(50_000)} }}`;
  for (const source of [nested(TEMPLATE_DEPTH_MAX + 1), brackets]) {
    const fault = await checkTemplate(source);
    assert.equal(fault?.message, "Tags are nested too deep");
  }
  assert.equal(render(nested(TEMPLATE_DEPTH_MAX), { prompt: "p" }), "x");
});

Deno.test("checkTemplate() passes what renders", async () => {
  for (const source of Object.keys(rendered)) {
    if (source.includes("nothing")) continue;
    assert.equal(await checkTemplate(source, ["id"]), undefined, source);
  }
});

Deno.test("checkTemplate() knows every name of the scope, and those that a template makes", async () => {
  const all = TEMPLATE_NAMES.map((name) => `{{ ${name} }}`).join("");
  assert.equal(await checkTemplate(all), undefined);
  const own =
    "{% assign a = 1 %}{% capture b %}{% endcapture %}{% increment c %}{% for d in (1..2) offset: continue %}{{ a }}{{ b }}{{ c }}{{ d }}{{ forloop.index }}{% endfor %}";
  assert.equal(await checkTemplate(own), undefined);
});

Deno.test("checkTemplate() refuses the first name that nothing has, and tells those there are", async () => {
  const fault = await checkTemplate(
    "{{ prompt }}\n{% if promt == id %}{{ other }}{% endif %}",
    ["id"],
  );
  assert.equal(fault?.code, "unknown-name");
  assert.equal(fault.message, 'There is no name "promt"');
  assert.deepEqual([fault.line, fault.column], [2, 7]);
  assert.deepEqual(fault.near, {
    name: "promt",
    known: [...TEMPLATE_NAMES, "id"],
  });
  assert.match(fault.remedy, /^Use one of prompt, .*, id, or assign it first$/);
});

Deno.test("law: no text makes checking throw, quote the engine, or differ from rendering", async () => {
  const unit = fc.constantFrom(
    "{{ ",
    " }}",
    "{% ",
    " %}",
    "if ",
    "for ",
    "endif",
    "in ",
    "prompt",
    " | ",
    "upcase",
    "'",
    '"',
    "(1..3)",
    "\n",
    "[",
    "]",
    ".",
    ":",
    "assign ",
    "= ",
    "-",
    "raw",
    "liquid ",
    "{",
    "%",
  );
  await fc.assert(
    fc.asyncProperty(fc.string({ unit, maxLength: 14 }), async (source) => {
      const fault = await checkTemplate(source, []);
      if (fault?.code !== "bad-template") {
        try {
          render(source, { prompt: "p" });
        } catch (error) {
          assert.ok(error instanceof TemplateError, source);
        }
        return;
      }
      assert.doesNotMatch(fault.message, /line:|col:|expected|illegal/);
      assert.ok(fault.line >= 1 && fault.column >= 1);
      assert.throws(() => render(source), TemplateError);
    }),
    { numRuns: 500 },
  );
});
