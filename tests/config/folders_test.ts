import assert from "node:assert/strict";
import { foldersOf } from "../../lib/config/folders.ts";
import { CONFIG_LINKS_MAX } from "../../lib/core/limits.ts";

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
    assert.deepEqual([...await foldersOf([`${folder}/r.yml`])], [folder]);
  }));

Deno.test("foldersOf() follows links to files and to folders, relative and absolute", () =>
  inFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/real/deep`, { recursive: true });
    Deno.writeTextFileSync(`${folder}/real/deep/r.yml`, "");
    Deno.mkdirSync(`${folder}/app`);
    Deno.symlinkSync(`${folder}/real`, `${folder}/current`);
    Deno.symlinkSync("../current/deep/r.yml", `${folder}/app/r.yml`);
    const folders = await foldersOf([`${folder}/app/r.yml`]);
    assert.deepEqual([...folders].sort(), [
      folder,
      `${folder}/app`,
      `${folder}/real/deep`,
    ]);
  }));

Deno.test("foldersOf() a missing file names the nearest folder there is, and the one above", () =>
  inFolder(async (folder) => {
    const folders = await foldersOf([`${folder}/no/such/r.yml`]);
    assert.deepEqual([...folders].sort(), [
      folder.slice(0, folder.lastIndexOf("/")),
      folder,
    ]);
  }));

Deno.test("foldersOf() leaves a circle of links", () =>
  inFolder(async (folder) => {
    Deno.symlinkSync("b", `${folder}/a`);
    Deno.symlinkSync("a", `${folder}/b`);
    assert.deepEqual([...await foldersOf([`${folder}/a`])], [folder]);
  }));

Deno.test("foldersOf() follows as many links as the limit says, and no more", () =>
  inFolder(async (folder) => {
    const count = CONFIG_LINKS_MAX + 1;
    Deno.mkdirSync(`${folder}/real`);
    Deno.writeTextFileSync(`${folder}/real/r.yml`, "");
    Deno.symlinkSync("real/r.yml", `${folder}/link1`);
    for (let i = 2; i <= count; i++) {
      Deno.symlinkSync(`link${i - 1}`, `${folder}/link${i}`);
    }
    const real = `${folder}/real`;
    const within = await foldersOf([`${folder}/link${CONFIG_LINKS_MAX}`]);
    const beyond = await foldersOf([`${folder}/link${count}`]);
    assert.deepEqual([...within], [folder, real]);
    assert.deepEqual([...beyond], [folder]);
  }));

Deno.test("foldersOf() a folder is itself, the one that holds it, and those that links in it lead to", () =>
  inFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/mocks`);
    Deno.mkdirSync(`${folder}/shared`);
    Deno.writeTextFileSync(`${folder}/mocks/a.yml`, "");
    Deno.writeTextFileSync(`${folder}/shared/b.yml`, "");
    Deno.symlinkSync("../shared/b.yml", `${folder}/mocks/b.yml`);
    const folders = await foldersOf([`${folder}/mocks/`]);
    assert.deepEqual([...folders].sort(), [
      folder,
      `${folder}/mocks`,
      `${folder}/shared`,
    ]);
  }));

Deno.test("foldersOf() several sources is what each of them needs", () =>
  inFolder(async (folder) => {
    for (const name of ["a", "b"]) {
      Deno.mkdirSync(`${folder}/${name}`);
      Deno.writeTextFileSync(`${folder}/${name}/r.yml`, "");
    }
    const sources = [`${folder}/a/r.yml`, `${folder}/b/r.yml`];
    assert.deepEqual([...await foldersOf(sources)], [
      `${folder}/a`,
      `${folder}/b`,
    ]);
  }));
