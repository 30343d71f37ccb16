import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { cached } from "../../src/frame/cache";

const outer = process.env.LOGITPRESS_CACHE;
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "logitpress-cache-"));
  process.env.LOGITPRESS_CACHE = folder;
});
after(async () => {
  if (outer === undefined) delete process.env.LOGITPRESS_CACHE;
  else process.env.LOGITPRESS_CACHE = outer;
  await rm(folder, { recursive: true });
});

const isList = (value: unknown): value is number[] => Array.isArray(value);

test("a value is made once a key, and no temporary file stays", async () => {
  let made = 0;
  const make = async () => [++made];
  assert.deepEqual(await cached("list-1", isList, make), [1]);
  assert.deepEqual(await cached("list-1", isList, make), [1]);
  assert.deepEqual(await cached("list-2", isList, make), [2]);
  assert.deepEqual((await readdir(folder)).sort(), ["list-1.json", "list-2.json"]);
});

test("a broken file is made again; a folder that can't be made costs nothing but time", async () => {
  await writeFile(join(folder, "list-3.json"), "[1,");
  assert.deepEqual(await cached("list-3", isList, async () => [5]), [5]);
  await writeFile(join(folder, "list-4.json"), '{"a":1}');
  assert.deepEqual(await cached("list-4", isList, async () => [6]), [6]);
  process.env.LOGITPRESS_CACHE = join(folder, "list-3.json", "below");
  assert.deepEqual(await cached("list-5", isList, async () => [7]), [7]);
  process.env.LOGITPRESS_CACHE = folder;
});
