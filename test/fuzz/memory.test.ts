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

test("of a file of 24 bytes and 55 million features the ledger makes no object for each feature", () => {
  const pack = join(__dirname, "..", "..", "src", "pack", "ledger.js");
  const bytes = "8c022a6074b78d5bd3e2e9c96f1ba3ba4e567056b0ebf4ab";
  const code = `const { ledger } = require(${JSON.stringify(pack)});
    const { sections } = ledger(Uint8Array.from(Buffer.from("${bytes}", "hex")));
    console.log(sections.reduce((sum, { bytes }) => sum + bytes, 0));`;
  const child = spawnSync(process.execPath, ["--max-old-space-size=128", "-e", code], { encoding: "utf8" });
  assert.equal(child.status, 0, child.stderr);
  assert.equal(child.stdout.trim(), "24");
});
