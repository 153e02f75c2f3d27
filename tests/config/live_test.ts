/**
 * On real folders with the runtime's own watcher: what file systems and watchers do is the subject.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readHere, type ReadSight } from "../../lib/config/aside.ts";
import { CONFIG_HERE_BYTES_MAX } from "../../lib/core/limits.ts";
import { SystemClock, until } from "../../lib/core/clock.ts";
import {
  ConfigError,
  type Live,
  openLive,
  type Report,
} from "../../lib/config/live.ts";
import type { Sight } from "../../lib/config/file.ts";
import { denoRuntime } from "../../lib/runtime/deno.ts";

const clock = new SystemClock();
const { watch } = denoRuntime(clock);

/** The promise: a change is seen within this, whatever it was. */
const SEEN_MS_MAX = 500;
/** For machines that are busy with other things. */
const SLACK = 4;

interface Bench extends AsyncDisposable {
  readonly folder: string;
  readonly file: string;
  readonly live: Live;
  readonly reports: Report[];
}

async function bench(
  options: {
    pollMs?: number;
    file?: string;
    prepare?: (folder: string) => void;
    read?: ReadSight;
    sources?: (folder: string) => string[];
  } = {},
): Promise<Bench> {
  const folder = Deno.makeTempDirSync({ prefix: "mockllm-live-" });
  const file = `${folder}/${options.file ?? "responses.yml"}`;
  if (options.prepare) options.prepare(folder);
  else Deno.writeTextFileSync(file, answers("first"));
  const reports: Report[] = [];
  const report = (each: Report) => void reports.push(each);
  const live = await openLive({
    sources: options.sources?.(folder) ?? [file],
    clock,
    watch,
    report,
    ...(options.pollMs !== undefined && { pollMs: options.pollMs }),
    ...(options.read !== undefined && { read: options.read }),
  });
  return {
    folder,
    file,
    live,
    reports,
    [Symbol.asyncDispose]: async () => {
      live[Symbol.dispose]();
      // What was begun ends by itself; the sanitizers want it ended before the test is.
      await wait(20);
      clock.close();
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

function answers(text: string): string {
  return `responses:\n  "hello": "${text}"\n`;
}

function textIn(sight: Sight): string {
  return sight.map((seen) =>
    "bytes" in seen ? new TextDecoder().decode(seen.bytes) : ""
  ).join("");
}

function said({ live }: Bench): string | undefined {
  return live.current().exact.get("hello")?.text;
}

function wait(ms: number): Promise<void> {
  return until(clock, clock.now() + ms);
}

/** Waits until `done`, and tells how long that took. */
async function seen(done: () => boolean, what: string): Promise<number> {
  const startMs = clock.now();
  while (!done()) {
    assert.ok(
      clock.now() - startMs < SEEN_MS_MAX * SLACK,
      `${what}: not seen within ${SEEN_MS_MAX * SLACK} ms`,
    );
    await wait(5);
  }
  return clock.now() - startMs;
}

function replace(file: string, text: string): void {
  Deno.writeTextFileSync(`${file}.tmp`, text);
  Deno.renameSync(`${file}.tmp`, file);
}

function types({ reports }: Bench): string {
  return reports.map(({ type }) => type).join(" ");
}

const ways: Record<
  string,
  (file: string, text: string) => void | Promise<void>
> = {
  "written in place": (file, text) => Deno.writeTextFileSync(file, text),
  "written and renamed": replace,
  "deleted and written anew": (file, text) => {
    Deno.removeSync(file);
    Deno.writeTextFileSync(file, text);
  },
  "written with an older date": (file, text) => {
    replace(file, text);
    Deno.utimeSync(file, 1_000_000_000, 1_000_000_000);
  },
  "written in two halves": async (file, text) => {
    const half = text.length >> 1;
    Deno.writeTextFileSync(file, text.slice(0, half));
    await wait(15);
    Deno.writeTextFileSync(file, text.slice(half), { append: true });
  },
};

for (const pollMs of [undefined, 50]) {
  const how = pollMs === undefined ? "by events" : "by looking";
  for (const [way, write] of Object.entries(ways)) {
    Deno.test(`openLive() sees ${how} a file ${way}, again and again`, async () => {
      await using it = await bench(pollMs === undefined ? {} : { pollMs });
      for (const text of ["second", "third, longer", "4th"]) {
        await write(it.file, answers(text));
        await seen(() => said(it) === text, way);
      }
      assert.equal(types(it), "loaded loaded loaded loaded");
    });
  }

  Deno.test(`openLive() sees ${how} a deleted file come back, and tells once that it is gone`, async () => {
    await using it = await bench(pollMs === undefined ? {} : { pollMs });
    Deno.removeSync(it.file);
    await seen(() => it.reports.length === 2, "deletion");
    await wait(150);
    assert.equal(types(it), "loaded gone");
    assert.equal(said(it), "first");
    assert.match(
      it.live.error() ?? "",
      /responses\.yml: There is no such file/,
    );
    Deno.writeTextFileSync(it.file, answers("first"));
    await seen(() => it.reports.length === 3, "return");
    assert.equal(types(it), "loaded gone loaded");
    assert.equal(it.live.error(), undefined);
  });

  Deno.test(`openLive() sees ${how} a Kubernetes ConfigMap change`, async () => {
    await using it = await bench({
      ...(pollMs !== undefined && { pollMs }),
      prepare: (folder) => {
        configMap(folder, "v1", "first");
        Deno.symlinkSync("..data/responses.yml", `${folder}/responses.yml`);
      },
    });
    for (
      const [version, text] of [["v2", "second"], ["v3", "third"], [
        "v4",
        "fourth",
      ]] as const
    ) {
      configMap(it.folder, version, text);
      await seen(() => said(it) === text, "the swap of ..data");
    }
  });

  Deno.test(`openLive() sees ${how} a link turned elsewhere, and then what changes there`, async () => {
    await using it = await bench({
      ...(pollMs !== undefined && { pollMs }),
      prepare: (folder) => {
        for (const name of ["a", "b"]) {
          Deno.mkdirSync(`${folder}/${name}`);
          Deno.writeTextFileSync(`${folder}/${name}/real.yml`, answers(name));
        }
        Deno.symlinkSync(`${folder}/a/real.yml`, `${folder}/responses.yml`);
      },
    });
    Deno.symlinkSync("b/real.yml", `${it.folder}/next`);
    Deno.renameSync(`${it.folder}/next`, it.file);
    await seen(() => said(it) === "b", "the link");
    Deno.writeTextFileSync(`${it.folder}/b/real.yml`, answers("b2"));
    await seen(() => said(it) === "b2", "the file behind the link");
  });
}

function configMap(folder: string, version: string, text: string): void {
  Deno.mkdirSync(`${folder}/..${version}`);
  Deno.writeTextFileSync(`${folder}/..${version}/responses.yml`, answers(text));
  Deno.symlinkSync(`..${version}`, `${folder}/..data_tmp`);
  Deno.renameSync(`${folder}/..data_tmp`, `${folder}/..data`);
}

Deno.test("openLive() sees a file in a folder that was removed and made again", async () => {
  await using it = await bench({
    file: "etc/responses.yml",
    prepare: (folder) => {
      Deno.mkdirSync(`${folder}/etc`);
      Deno.writeTextFileSync(`${folder}/etc/responses.yml`, answers("first"));
    },
  });
  Deno.removeSync(`${it.folder}/etc`, { recursive: true });
  await seen(() => types(it) === "loaded gone", "the removal");
  Deno.mkdirSync(`${it.folder}/etc`);
  Deno.writeTextFileSync(it.file, answers("second"));
  await seen(() => said(it) === "second", "the return");
});

const bad: Record<string, string> = {
  "that is not YAML": 'responses:\n  "hello": "Hi\n',
  "that is empty": "",
  "with empty responses": "responses: {}\n",
  "with an unknown key": `${answers("bad")}rsponses: 1\n`,
};

for (const [what, text] of Object.entries(bad)) {
  Deno.test(`openLive() keeps the good configuration when it finds a file ${what}, and says so once`, async () => {
    await using it = await bench();
    const good = it.live.current();
    Deno.writeTextFileSync(it.file, text);
    await seen(() => it.reports.length === 2, what);
    Deno.writeTextFileSync(it.file, text);
    await wait(120);
    assert.equal(types(it), "loaded kept");
    assert.equal(it.live.current(), good);
    assert.notEqual(it.live.error(), undefined);
    Deno.writeTextFileSync(it.file, answers("mended"));
    await seen(() => said(it) === "mended", "the cure");
    assert.equal(it.live.error(), undefined);
  });
}

Deno.test("Live.error() names the line and column of the first error", async () => {
  await using it = await bench();
  Deno.writeTextFileSync(it.file, `${answers("x")}settings:\n  lag_facto: 1\n`);
  await seen(() => it.reports.length === 2, "the mistake");
  assert.equal(
    it.live.error(),
    `${it.file}:4:3: Unknown key "lag_facto" in settings`,
  );
});

Deno.test("a loaded report counts what was added, removed and altered", async () => {
  await using it = await bench();
  Deno.writeTextFileSync(
    it.file,
    'responses:\n  "a": "1"\n  "b": "2"\n  "c": "3"\n',
  );
  await seen(() => it.reports.length === 2, "the first change");
  Deno.writeTextFileSync(
    it.file,
    'responses:\n  "a": "1"\n  "b": "two"\n  "d": "4"\n  "e": "5"\n',
  );
  await seen(() => it.reports.length === 3, "the second change");
  const changes = it.reports.map((report) =>
    report.type === "loaded" && report.changed
  );
  assert.deepEqual(changes, [
    { added: 1, removed: 0, altered: 0 },
    { added: 3, removed: 1, altered: 0 },
    { added: 2, removed: 1, altered: 1 },
  ]);
});

Deno.test("a loaded report counts rules by their names", async () => {
  await using it = await bench();
  const rules = (...names: string[]) =>
    "rules:\n" +
    names.map((name) =>
      `  - { name: ${name}, when: { prompt: ${name} }, reply: yes }\n`
    ).join("");
  Deno.writeTextFileSync(it.file, rules("a", "b"));
  await seen(() => it.reports.length === 2, "the first change");
  Deno.writeTextFileSync(it.file, rules("b", "c", "d"));
  await seen(() => it.reports.length === 3, "the second change");
  const altered = rules("b", "c", "d").replace("yes", "no");
  Deno.writeTextFileSync(it.file, `# moved by a line\n${altered}`);
  await seen(() => it.reports.length === 4, "the third change");
  const changes = it.reports.map((report) =>
    report.type === "loaded" && report.changed.rulesChanged
  );
  assert.deepEqual(changes, [
    undefined,
    { added: 2, removed: 0, altered: 0 },
    { added: 2, removed: 1, altered: 0 },
    { added: 0, removed: 0, altered: 1 },
  ]);
});

Deno.test("openLive() takes no torn state out of a storm of writes, and ends with the last one", async () => {
  await using it = await bench();
  for (let round = 1; round <= 100; round++) {
    const text = answers(`round ${round}`);
    if (round % 3 === 0) Deno.writeTextFileSync(it.file, text.slice(0, 17));
    else if (round % 7 === 0) Deno.writeTextFileSync(it.file, "");
    else if (round % 11 === 0) Deno.removeSync(it.file);
    else replace(it.file, text);
    await wait(2);
  }
  replace(it.file, answers("the end"));
  await seen(() => said(it) === "the end", "the last write");
  // On a machine that stands still for 40 ms a half-written file can count, but never come into force.
  const texts = it.reports.flatMap((report) =>
    report.type === "loaded" ? [report.config.exact.get("hello")?.text] : []
  );
  for (const text of texts) {
    assert.match(text ?? "", /^(first|round \d+|the end)$/);
  }
});

Deno.test("Live.reload() reports even if nothing changed, and many at once are one", async () => {
  await using it = await bench();
  await Promise.all(Array.from({ length: 100 }, () => it.live.reload()));
  assert.equal(types(it), "loaded loaded");
  const [, again] = it.reports;
  assert.deepEqual(again?.type === "loaded" && again.changed, {
    added: 0,
    removed: 0,
    altered: 0,
  });
});

Deno.test("openLive() looks away from what happens to other files", async () => {
  await using it = await bench();
  for (let i = 0; i < 30; i++) {
    Deno.writeTextFileSync(`${it.folder}/other-${i}.yml`, answers("other"));
  }
  await wait(150);
  assert.equal(types(it), "loaded");
});

Deno.test("openLive() waits for a first file that is being written", async () => {
  const folder = Deno.makeTempDirSync();
  const file = `${folder}/responses.yml`;
  Deno.writeTextFileSync(file, 'responses:\n  "hello": "Hi');
  const opening = openLive({ sources: [file], clock, watch, report: () => {} });
  await wait(15);
  Deno.writeTextFileSync(file, answers("Hi"));
  using live = await opening;
  assert.equal(live.current().exact.get("hello")?.text, "Hi");
  live[Symbol.dispose]();
  clock.close();
  Deno.removeSync(folder, { recursive: true });
});

/** A folder of files, each with a prompt of its own. */
function mocks(folder: string, ...names: readonly string[]): void {
  Deno.mkdirSync(`${folder}/mocks`, { recursive: true });
  for (const name of names) {
    Deno.writeTextFileSync(
      `${folder}/mocks/${name}.yml`,
      `responses:\n  "${name}": "one"\n`,
    );
  }
}

function prompts({ live }: Bench): string {
  return [...live.current().exact].map(([prompt, { text }]) =>
    `${prompt} ${text}`
  ).join(", ");
}

for (const pollMs of [undefined, 50]) {
  const how = pollMs === undefined ? "by events" : "by looking";
  Deno.test(`openLive() sees ${how} what comes into a folder, changes there and goes`, async () => {
    await using it = await bench({
      ...(pollMs !== undefined && { pollMs }),
      prepare: (folder) => mocks(folder, "a", "c"),
      sources: (folder) => [`${folder}/mocks`],
    });
    assert.equal(prompts(it), "a one, c one");
    mocks(it.folder, "b");
    await seen(() => prompts(it) === "a one, b one, c one", "a new file");
    replace(`${it.folder}/mocks/c.yml`, 'responses: {"c": "two"}\n');
    await seen(() => prompts(it) === "a one, b one, c two", "a change");
    Deno.removeSync(`${it.folder}/mocks/a.yml`);
    await seen(() => prompts(it) === "b one, c two", "a removal");
    const changes = it.reports.map((report) =>
      report.type === "loaded" && Object.values(report.changed).join()
    );
    assert.deepEqual(changes, ["2,0,0", "1,0,0", "0,0,1", "0,1,0"]);
  });

  Deno.test(`openLive() sees ${how} changes of each of several files`, async () => {
    await using it = await bench({
      ...(pollMs !== undefined && { pollMs }),
      prepare: (folder) => {
        mocks(folder, "a");
        Deno.writeTextFileSync(`${folder}/responses.yml`, answers("first"));
      },
      sources: (folder) => [`${folder}/responses.yml`, `${folder}/mocks/a.yml`],
    });
    assert.equal(prompts(it), "hello first, a one");
    Deno.writeTextFileSync(`${it.folder}/mocks/a.yml`, "responses: {a: two}\n");
    await seen(() => prompts(it) === "hello first, a two", "the second");
    Deno.writeTextFileSync(it.file, answers("third"));
    await seen(() => prompts(it) === "hello third, a two", "the first");
    assert.equal(
      it.live.current().source,
      `${it.file}, ${it.folder}/mocks/a.yml`,
    );
  });
}

Deno.test("openLive() takes no folder in parts: a file with a mistake keeps all of the others as they were", async () => {
  await using it = await bench({
    prepare: (folder) => mocks(folder, "a", "b"),
    sources: (folder) => [`${folder}/mocks`],
  });
  Deno.writeTextFileSync(
    `${it.folder}/mocks/a.yml`,
    "responses: {a: two, b: two}\n",
  );
  await seen(() => it.reports.length === 2, "the mistake");
  assert.equal(prompts(it), "a one, b one");
  assert.equal(
    it.live.error(),
    `${it.folder}/mocks/b.yml:2:3: The prompt "b" is given twice: here, and in ${it.folder}/mocks/a.yml:1`,
  );
});

Deno.test("openLive() keeps everything while one of several files is missing, and says which", async () => {
  await using it = await bench({
    prepare: (folder) => mocks(folder, "a", "b"),
    sources: (folder) => [`${folder}/mocks/a.yml`, `${folder}/mocks/b.yml`],
  });
  Deno.removeSync(`${it.folder}/mocks/b.yml`);
  await seen(() => it.reports.length === 2, "the removal");
  assert.deepEqual(it.reports[1], {
    type: "gone",
    files: [`${it.folder}/mocks/b.yml`],
  });
  assert.equal(prompts(it), "a one, b one");
});

Deno.test("openLive() keeps everything when the last file leaves a folder, and takes up what comes", async () => {
  await using it = await bench({
    prepare: (folder) => mocks(folder, "a"),
    sources: (folder) => [`${folder}/mocks`],
  });
  Deno.removeSync(`${it.folder}/mocks/a.yml`);
  await seen(() => it.reports.length === 2, "the removal");
  assert.match(it.live.error() ?? "", /mocks: The folder holds no /);
  assert.equal(prompts(it), "a one");
  mocks(it.folder, "b");
  await seen(() => prompts(it) === "b one", "the new one");
});

Deno.test("openLive() does not take a file of a folder for gone that is only written anew", async () => {
  await using it = await bench({
    prepare: (folder) => mocks(folder, "a", "b"),
    sources: (folder) => [`${folder}/mocks`],
  });
  Deno.removeSync(`${it.folder}/mocks/b.yml`);
  await wait(60);
  Deno.writeTextFileSync(`${it.folder}/mocks/b.yml`, "responses: {b: two}\n");
  await seen(() => prompts(it) === "a one, b two", "the new one");
  assert.equal(types(it), "loaded loaded");
});

const firsts: Record<string, [code: string, prepare: (file: string) => void]> =
  {
    "that is not there": ["no-file", () => {}],
    "that is a folder without any": [
      "empty-folder",
      (file) => Deno.mkdirSync(file),
    ],
    "that is not UTF-8": [
      "not-utf8",
      (file) => Deno.writeFileSync(file, new Uint8Array([0xff, 0xfe, 97, 0])),
    ],
    "that is too large": [
      "too-large",
      (file) => Deno.writeTextFileSync(file, "#".repeat(5 * 1024 * 1024)),
    ],
    "that holds nothing": [
      "empty-file",
      (file) => Deno.writeTextFileSync(file, ""),
    ],
    "that is a circle of links": [
      "unreadable",
      (file) => Deno.symlinkSync(file, file),
    ],
  };

for (const [what, [code, prepare]] of Object.entries(firsts)) {
  Deno.test(`openLive() rejects with ${code} for a first file ${what}, and leaves nothing behind`, async () => {
    const folder = Deno.makeTempDirSync();
    const file = `${folder}/responses.yml`;
    prepare(file);
    const report = () => assert.fail("nothing was loaded");
    await assert.rejects(
      openLive({ sources: [file], clock, watch, report }),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.deepEqual(error.problems.map((problem) => problem.code), [code]);
        assert.ok(error.problems.every(({ remedy }) => remedy));
        return true;
      },
    );
    clock.close();
    Deno.removeSync(folder, { recursive: true });
  });
}

Deno.test("a reading that was overtaken by a newer edit is given up and never comes into force", async () => {
  const given: string[] = [];
  const read: ReadSight = (sight, source, signal) => {
    if (!textIn(sight).includes("slow")) return readHere(sight, source);
    return new Promise((resolve) => {
      given.push("begun");
      signal.addEventListener("abort", () => {
        given.push("given up");
        resolve(readHere(sight, source)); // too late, though it is good
      });
    });
  };
  await using it = await bench({ read });
  replace(it.file, answers("slow"));
  await seen(() => given.includes("begun"), "the slow edit");
  replace(it.file, answers("newer"));
  await seen(() => said(it) === "newer", "the newer edit");
  assert.deepEqual(given, ["begun", "given up"]);
  assert.equal(types(it), "loaded loaded");
});

Deno.test("openLive() reads a short first file by itself, and has a long one read elsewhere", async () => {
  const lengths: number[] = [];
  const read: ReadSight = (sight, source) => {
    lengths.push(textIn(sight).length);
    return readHere(sight, source);
  };
  const long = `${answers("long")}#${"x".repeat(CONFIG_HERE_BYTES_MAX)}\n`;
  for (const text of [answers("short"), long]) {
    const prepare = (folder: string) =>
      Deno.writeTextFileSync(`${folder}/responses.yml`, text);
    await using _it = await bench({ read, prepare });
  }
  assert.deepEqual(lengths, [long.length]);
});
