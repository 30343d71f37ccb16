import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { DenseMatrix } from "../../src/matrix/dense";
import { load } from "../../src/pack/file";
import { pack } from "../../src/pack/write";

interface Golden {
  readonly stage: string;
  readonly classes: readonly unknown[];
  readonly rows: readonly number[][];
  readonly probabilities: readonly number[];
}

const folder = join(__dirname, "..", "..", "..", "test", "golden");

for (const name of ["v1-binary-codebook", "v1-softmax-uniform", "v1-ovr-pruned", "v1-encoder"]) {
  test(`${name} is read as it was written`, async () => {
    const path = join(folder, `${name}.logit`);
    const packed = await load(path);
    const golden = JSON.parse(await readFile(join(folder, `${name}.json`), "utf8")) as Golden;
    assert.equal(packed.model.stage, golden.stage);
    assert.deepEqual(packed.classes, golden.classes);
    const { values } = packed.predictProba(DenseMatrix.fromRows(golden.rows));
    values.forEach((p, i) => {
      assert.ok(Math.abs(p - golden.probabilities[i]) < 1e-12, `${p} against ${golden.probabilities[i]}`);
    });
    const { encoder, provenance } = packed;
    const again = pack(packed, {
      ...(encoder === undefined ? {} : { encoder }),
      ...(provenance === null ? {} : { provenance }),
    });
    assert.deepEqual(again, new Uint8Array(await readFile(path)));
  });
}
