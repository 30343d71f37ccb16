import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

test("a file that is refused has taken little memory, whatever it declares", () => {
  const child = spawnSync(process.execPath, ["--expose-gc", join(__dirname, "memory.js")], {
    encoding: "utf8",
  });
  assert.equal(child.status, 0, child.stderr);
  const { refused, most } = JSON.parse(child.stdout);
  assert.ok(refused > 300, `${refused} of 450 files were refused`);
  assert.ok(most < 16e6, `one of them took ${most} bytes`);
});
