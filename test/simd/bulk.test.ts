import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const folder = join(__dirname, "..", "..", "..", "src", "simd", "assembly");

// The engine checks these against the size of the memory that a thread has heard of, so that they fail where another has just let it grow.
test("no kernel fills or copies memory in bulk", () => {
  const bulk = readdirSync(folder).filter((name) =>
    /\bmemory\.(fill|copy)\(/.test(readFileSync(join(folder, name), "utf8")),
  );
  assert.deepEqual(bulk, []);
});
