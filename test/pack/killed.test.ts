import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { load } from "../../src/pack/file";
import { pack } from "../../src/pack/write";
import { largeModel } from "./models";

test("killed while it saves, a process leaves a whole file, the old one or the new one", async () => {
  const folder = await mkdtemp(join(tmpdir(), "logitpress-"));
  try {
    const models = [largeModel(1), largeModel(2)];
    const sources = models.map((_, i) => join(folder, `source-${i}.logit`));
    for (const [i, model] of models.entries()) await writeFile(sources[i], pack(model));
    const path = join(folder, "m.logit");
    for (let round = 0; round < 8; round++) {
      const child = spawn(process.execPath, [join(__dirname, "saver.js"), path, ...sources]);
      await once(child.stdout, "data");
      await setTimeout(3 * round);
      child.kill("SIGKILL");
      const [, signal] = await once(child, "exit");
      assert.equal(signal, "SIGKILL");
      const { intercepts, weights } = await load(path);
      assert.deepEqual(weights, models[intercepts[0] - 1].weights);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
