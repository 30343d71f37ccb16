import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../python";

const index: string = join(root, "dist", "src", "index.js");
const loaded =
  "Object.keys(require.cache).map((path) => path.split(/dist.src./).at(-1).replaceAll('\\\\', '/'))";

/** What a program prints, as JSON. */
function printed(code: string, kind: "commonjs" | "module" = "commonjs"): unknown {
  const args = [`--input-type=${kind}`, "-e", code];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.equal(stderr, "");
  return JSON.parse(stdout);
}

test("the index loads the modules of a name when it is used, and gives what they give", () => {
  const files = printed(
    `const l = require(${JSON.stringify(index)}); const before = ${loaded}; l.pack; const after = ${loaded};` +
      `const same = Object.keys(l).filter((name) => l[name] === undefined);` +
      `const { pack } = require(${JSON.stringify(join(root, "dist", "src", "pack", "write.js"))});` +
      "console.log(JSON.stringify({ before, after, undefined: same, same: l.pack === pack }))",
  ) as { before: string[]; after: string[]; undefined: string[]; same: boolean };
  assert.deepEqual([...files.before].sort(), ["base/display.js", "index.js", "notebook/attach.js"]);
  assert.ok(files.after.includes("pack/write.js"));
  assert.ok(!files.after.some((file) => file.startsWith("train/")));
  assert.deepEqual(files.undefined, []);
  assert.equal(files.same, true);
});

test("a module imports the same names that a program requires", () => {
  const required = printed(
    `console.log(JSON.stringify(Object.keys(require(${JSON.stringify(index)})).sort()))`,
  ) as string[];
  const imported = printed(
    `const l = await import(${JSON.stringify(String(pathToFileURL(index)))});` +
      `console.log(JSON.stringify(Object.keys(l).filter((name) => l[name] !== undefined).sort()))`,
    "module",
  ) as string[];
  assert.ok(required.length > 100, `only ${required.length} names`);
  assert.deepEqual(
    required.filter((name) => !imported.includes(name)),
    [],
  );
});

test("a result shows itself though nothing of the notebook was asked for", () => {
  const shown = printed(
    `const { Dataset, ledger, displaySymbol } = require(${JSON.stringify(index)});` +
      "const data = Dataset.from({ features: [[1], [2]], labels: ['a', 'b'] });" +
      `const before = ${loaded}; const text = data[displaySymbol]()["text/plain"];` +
      "console.log(JSON.stringify({ before, text }))",
  ) as { before: string[]; text: string };
  assert.match(shown.text, /^Dataset, 2 rows x 1 feature\b/);
  assert.ok(!shown.before.some((file) => file.startsWith("chart/")));
});
