import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Label } from "../../src/matrix/dataset";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { python, root } from "../python";
import { quantizedModels } from "./models";
import { pooledModels } from "./pooled-models";

interface Theirs {
  readonly features: number;
  readonly classes: Label[];
  readonly positions: number[];
  readonly values: number[];
  readonly intercepts: number[];
}

test("a reader written from FORMAT.md alone, in Python, reads the same models", () => {
  const folder = mkdtempSync(join(tmpdir(), "logitpress-"));
  try {
    const golden = join(root, "test", "golden");
    const released = readdirSync(golden).filter((name) => /^v[23]-.*\.logit$/.test(name));
    const drawn = fc.sample(quantizedModels, { numRuns: 60, seed: 3 }).map((model, i) => {
      const path = join(folder, `${i}.logit`);
      writeFileSync(path, pack(model));
      return path;
    });
    const pooled = fc.sample(pooledModels, { numRuns: 20, seed: 3 }).map(({ model, pooling }, i) => {
      const path = join(folder, `pooled-${i}.logit`);
      writeFileSync(path, pack(model, { pooling }));
      return path;
    });
    const paths = [...released.map((name) => join(golden, name)), ...drawn, ...pooled];
    const run = spawnSync(python, [join(root, "test", "pack", "reader.py"), ...paths], {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    assert.equal(run.status, 0, run.stderr ?? String(run.error));
    const theirs = JSON.parse(run.stdout) as (Theirs | null)[];
    assert.ok(theirs.filter((model) => model !== null).length > 80);
    theirs.forEach((found, i) => {
      if (found === null) return;
      const { model } = unpack(new Uint8Array(readFileSync(paths[i])));
      assert.equal(found.features, model.features, paths[i]);
      assert.deepEqual(found.classes, model.classes);
      const positions = Array.from(model.weights.keys()).filter((at) => model.weights[at] !== 0);
      assert.deepEqual(found.positions, positions);
      assert.deepEqual(
        found.values,
        positions.map((at) => model.weights[at]),
      );
      assert.deepEqual(found.intercepts, Array.from(model.intercepts));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
