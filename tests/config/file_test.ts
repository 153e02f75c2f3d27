import assert from "node:assert/strict";
import {
  isMissing,
  look,
  sameSight,
  type Seen,
  type Sight,
  signature,
} from "../../lib/config/file.ts";
import { textsOf } from "../../lib/config/letter.ts";
import {
  CONFIG_ALL_BYTES_MAX,
  CONFIG_BYTES_MAX,
  CONFIG_FILES_MAX,
} from "../../lib/core/limits.ts";

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    await run(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** What a look found, as text: `a.yml: text` or `a.yml: [code]`. */
function told(sight: Sight, folder: string): string[] {
  return textsOf(sight).map((each) => {
    const said = "text" in each ? each.text : `[${each.finding.code}]`;
    return `${each.file.replace(`${folder}/`, "")}: ${said}`;
  });
}

Deno.test("look() keeps the byte order mark out, and tells a missing file from an unreadable one", () =>
  inFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/r.yml`, "\ufeffa: b\n");
    const names = ["r.yml", "none.yml", "r.yml/below"];
    const sight = await look(names.map((name) => `${folder}/${name}`));
    assert.deepEqual(told(sight, folder), [
      "r.yml: a: b\n",
      "none.yml: [no-file]",
      "r.yml/below: [no-file]",
    ]);
    assert.deepEqual(sight.map(isMissing), [false, true, true]);
  }));

Deno.test("look() takes the files of a folder in order of their names, and no others", () =>
  inFolder(async (folder) => {
    const names = ["b.yaml", "a.yml", "C.json", "10.yml", "9.yml"];
    const others = [".hidden.yml", "r.yml~", "notes.txt", "r.schema.json"];
    for (const name of [...names, ...others]) {
      Deno.writeTextFileSync(`${folder}/${name}`, name);
    }
    Deno.mkdirSync(`${folder}/below.yml`);
    Deno.writeTextFileSync(`${folder}/below.yml/x.yml`, "x");
    assert.deepEqual(told(await look([folder]), folder), [
      "10.yml: 10.yml",
      "9.yml: 9.yml",
      "C.json: C.json",
      "a.yml: a.yml",
      "b.yaml: b.yaml",
    ]);
  }));

Deno.test("look() names the files of a folder as the user named the folder", () =>
  inFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/a.yml`, "");
    for (const named of [folder, `${folder}/`]) {
      const [seen] = await look([named]);
      assert.equal(seen?.file, `${folder}/a.yml`);
    }
  }));

Deno.test("look() takes sources in the order given, and what is named twice once", () =>
  inFolder(async (folder) => {
    for (const name of ["a.yml", "b.yml"]) {
      Deno.writeTextFileSync(`${folder}/${name}`, name);
    }
    const sources = [`${folder}/b.yml`, folder, `${folder}/./a.yml`];
    assert.deepEqual(told(await look(sources), folder), [
      "b.yml: b.yml",
      "a.yml: a.yml",
    ]);
  }));

Deno.test("look() says of a folder without files that it is empty, and of a broken link in one that it leads nowhere", () =>
  inFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/notes.txt`, "");
    const [seen] = await look([folder]);
    assert.equal(
      seen && "finding" in seen && seen.finding.code,
      "empty-folder",
    );
    Deno.symlinkSync("nowhere", `${folder}/a.yml`);
    assert.deepEqual(told(await look([folder]), folder), ["a.yml: [no-file]"]);
  }));

Deno.test("look() reads a file of the largest size, and refuses one that is a byte larger", () =>
  inFolder(async (folder) => {
    for (const [size, code] of [[0, undefined], [1, "too-large"]] as const) {
      Deno.writeFileSync(
        `${folder}/r.yml`,
        new Uint8Array(CONFIG_BYTES_MAX + size),
      );
      const [seen] = await look([`${folder}/r.yml`]);
      assert.ok(seen !== undefined);
      assert.equal("finding" in seen ? seen.finding.code : undefined, code);
    }
  }));

Deno.test("look() reads as much as files may hold together, and refuses the file that is too much", () =>
  inFolder(async (folder) => {
    const count = CONFIG_ALL_BYTES_MAX / CONFIG_BYTES_MAX;
    for (let i = 0; i < count; i++) {
      Deno.writeFileSync(
        `${folder}/${i}.yml`,
        new Uint8Array(CONFIG_BYTES_MAX),
      );
    }
    const isRead = (seen: Seen) => "bytes" in seen;
    assert.ok((await look([folder])).every(isRead));
    Deno.writeTextFileSync(`${folder}/z.yml`, "#");
    const sight = await look([folder]);
    assert.deepEqual(
      sight.filter((seen) => !isRead(seen)).map(({ file }) => file),
      [`${folder}/z.yml`],
    );
  }));

Deno.test("look() takes as many files of a folder as the limit says, and refuses one more", () =>
  inFolder(async (folder) => {
    for (let i = 0; i < CONFIG_FILES_MAX; i++) {
      Deno.writeTextFileSync(`${folder}/${i}.yml`, "");
    }
    assert.equal((await look([folder])).length, CONFIG_FILES_MAX);
    Deno.writeTextFileSync(`${folder}/more.yml`, "");
    const [seen] = await look([folder]);
    assert.equal(
      seen && "finding" in seen && seen.finding.code,
      "too-many-files",
    );
  }));

Deno.test("signature() changes when a file of a folder comes, goes or changes", () =>
  inFolder(async (folder) => {
    const mark = async () => (await signature([folder]))?.mark;
    const marks = [await mark()];
    const acts = [
      () => Deno.writeTextFileSync(`${folder}/a.yml`, "a"),
      () => Deno.writeTextFileSync(`${folder}/a.yml`, "ab"),
      () => Deno.writeTextFileSync(`${folder}/b.yml`, "b"),
      () => Deno.removeSync(`${folder}/a.yml`),
    ];
    for (const act of acts) {
      act();
      marks.push(await mark());
    }
    assert.equal(new Set(marks).size, marks.length);
    assert.equal(await mark(), marks.at(-1));
  }));

Deno.test("sameSight() compares files, bytes, absence and reasons", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const finding = { code: "no-file", message: "There is no such file" };
  const sights: Sight[] = [
    [],
    [{ file: "a", bytes: bytes("a") }],
    [{ file: "a", bytes: bytes("b") }],
    [{ file: "b", bytes: bytes("a") }],
    [{ file: "a", finding }],
    [{ file: "a", finding: { code: "unreadable", message: "No" } }],
    [{ file: "a", bytes: bytes("a") }, { file: "b", bytes: bytes("a") }],
  ];
  for (const a of sights) {
    for (const b of sights) {
      assert.equal(sameSight(a, structuredClone(b)), a === b);
    }
  }
});
