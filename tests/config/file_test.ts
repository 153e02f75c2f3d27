import assert from "node:assert/strict";
import {
  foldersOf,
  look,
  missingFile,
  sameSight,
} from "../../lib/config/file.ts";

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    await run(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("foldersOf() a plain file is the folder that holds it", () =>
  inFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/r.yml`, "");
    assert.deepEqual([...await foldersOf(`${folder}/r.yml`)], [folder]);
  }));

Deno.test("foldersOf() follows links to files and to folders, relative and absolute", () =>
  inFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/real/deep`, { recursive: true });
    Deno.writeTextFileSync(`${folder}/real/deep/r.yml`, "");
    Deno.mkdirSync(`${folder}/app`);
    Deno.symlinkSync(`${folder}/real`, `${folder}/current`);
    Deno.symlinkSync("../current/deep/r.yml", `${folder}/app/r.yml`);
    const folders = await foldersOf(`${folder}/app/r.yml`);
    assert.deepEqual([...folders].sort(), [
      folder,
      `${folder}/app`,
      `${folder}/real/deep`,
    ]);
  }));

Deno.test("foldersOf() a missing file names the nearest folder there is, and the one above", () =>
  inFolder(async (folder) => {
    const folders = await foldersOf(`${folder}/no/such/r.yml`);
    assert.deepEqual([...folders].sort(), [
      folder.slice(0, folder.lastIndexOf("/")),
      folder,
    ]);
  }));

Deno.test("foldersOf() leaves a circle of links", () =>
  inFolder(async (folder) => {
    Deno.symlinkSync("b", `${folder}/a`);
    Deno.symlinkSync("a", `${folder}/b`);
    assert.deepEqual([...await foldersOf(`${folder}/a`)], [folder]);
  }));

Deno.test("look() keeps the byte order mark out, and tells a missing file from an unreadable one", () =>
  inFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/r.yml`, "\ufeffa: b\n");
    assert.deepEqual(await look(`${folder}/r.yml`), {
      type: "text",
      text: "a: b\n",
    });
    assert.deepEqual(await look(`${folder}/none.yml`), { type: "missing" });
    assert.deepEqual(await look(`${folder}/r.yml/below`), { type: "missing" });
    assert.equal((await look(folder)).type, "unreadable");
  }));

Deno.test("sameSight() compares text, absence and reasons", () => {
  const text = { type: "text", text: "a" } as const;
  const missing = { type: "missing" } as const;
  const unreadable = {
    type: "unreadable",
    problem: missingFile("r.yml"),
  } as const;
  for (const a of [text, missing, unreadable]) {
    for (const b of [text, missing, unreadable]) {
      assert.equal(sameSight(a, { ...b }), a === b);
    }
  }
  assert.ok(!sameSight(text, { type: "text", text: "b" }));
});
