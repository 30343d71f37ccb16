import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sourcesOf } from "../docs/sources";
import { root } from "../python";

test("every test is compiled, since what is not compiled is never run", () => {
  const tests = sourcesOf("test").filter(({ file }) => file.endsWith(".test.ts"));
  assert.ok(tests.length > 40, `only ${tests.length} tests were found`);
  const left = tests.filter(({ file }) => !existsSync(join(root, "dist", file.replace(/ts$/, "js"))));
  assert.deepEqual(
    left.map(({ file }) => file),
    [],
  );
});
