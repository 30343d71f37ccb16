import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../python";

interface Reference {
  readonly pages: ReadonlyMap<string, string>;
  readonly undocumented: readonly string[];
}

let reference: Reference;

before(async () => {
  const module = await import(pathToFileURL(join(root, "docs/reference.mjs")).href);
  reference = module.referencePages();
});

test("everything that is exported has words, its members too", () => {
  assert.deepEqual(reference.undocumented, []);
});

test("the pages are what the docstrings say; `npm run docs` makes them", () => {
  const folder = join(root, "docs/api");
  assert.deepEqual(readdirSync(folder).sort(), [...reference.pages.keys()].sort());
  for (const [file, text] of reference.pages)
    assert.equal(readFileSync(join(folder, file), "utf8"), text, file);
});
