import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Kept, keepers } from "./keeper";

const keeper = join(__dirname, "keeper.js");

for (const kept of ["report", "export"] as const satisfies readonly Kept[]) {
  test(`killed while it saves, a process leaves a whole ${kept}, the old one or the new one`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "logitpress-"));
    try {
      const whole: Buffer[] = [];
      for (const [i, save] of keepers(kept).entries()) {
        const path = join(folder, `whole-${i}`);
        await save(path);
        whole.push(await readFile(path));
      }
      assert.ok(whole[0].length > 400_000 && !whole[0].equals(whole[1]));
      const path = join(folder, "kept");
      for (let round = 0; round < 6; round++) {
        const child = spawn(process.execPath, [keeper, kept, path]);
        await once(child.stdout, "data");
        // The folder changes when a file in it is made, written to or renamed, so that most rounds end in the midst of writing.
        const changes = watch(folder);
        for (let change = 0; change <= round; change++) await once(changes, "change");
        changes.close();
        child.kill("SIGKILL");
        const [, signal] = await once(child, "exit");
        assert.equal(signal, "SIGKILL");
        const found = await readFile(path);
        assert.ok(
          whole.some((one) => one.equals(found)),
          `${found.length} bytes`,
        );
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  const limited = process.platform !== "win32";
  test(`where there is no room for the ${kept}, the old one stays, and nothing half-written`, {
    skip: !limited,
  }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "logitpress-"));
    try {
      const path = join(folder, "kept");
      const [first] = keepers(kept);
      await first(path);
      const before = await readFile(path);
      // A file may grow to 100 blocks of 512 or 1,024 bytes; beyond it writing fails as on a full disk.
      const script = `trap '' XFSZ; ulimit -f 100; exec "$0" "$1" "$2" "$3"`;
      const { stderr } = spawnSync("sh", ["-c", script, process.execPath, keeper, kept, path], {
        encoding: "utf8",
      });
      assert.match(stderr, /failed|room for all of it on the disk/);
      assert.deepEqual(await readFile(path), before);
      assert.deepEqual(await readdir(folder), ["kept"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
