import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Label } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { load } from "../../src/pack/file";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";

interface Golden {
  readonly stage: string;
  readonly classes: readonly Label[];
  readonly rows: readonly number[][];
  readonly probabilities: readonly number[];
}

const folder = join(__dirname, "..", "..", "..", "test", "golden");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".logit"))
  .map((name) => name.replace(/\.logit$/, ""));

test("files of every version are kept", () => {
  assert.ok(names.filter((name) => name.startsWith("v1-")).length >= 8);
  assert.ok(names.filter((name) => name.startsWith("v2-")).length >= 10);
  assert.ok(names.filter((name) => name.startsWith("v3-")).length >= 1);
});

for (const name of names) {
  test(`${name} is read as it was written`, async () => {
    const path = join(folder, `${name}.logit`);
    const packed = await load(path);
    const golden = JSON.parse(await readFile(join(folder, `${name}.json`), "utf8")) as Golden;
    assert.equal(packed.model.stage, golden.stage);
    assert.deepEqual(packed.classes, golden.classes);
    const { values } = packed.predictProba(DenseMatrix.fromRows(golden.rows));
    assert.equal(values.length, golden.probabilities.length);
    values.forEach((p, i) => {
      assert.ok(Math.abs(p - golden.probabilities[i]) < 1e-12, `${p} against ${golden.probabilities[i]}`);
    });
    const { encoder, provenance } = packed;
    const again = pack(packed, {
      featureNames: name.endsWith("names"),
      ...(encoder === undefined ? {} : { encoder }),
      ...(provenance === null ? {} : { provenance }),
    });
    const back = unpack(again);
    assert.deepEqual(back.weights, packed.weights);
    assert.deepEqual(back.intercepts, packed.intercepts);
    assert.deepEqual(back.encoder?.state(), encoder?.state());
    assert.deepEqual(back.provenance, provenance);
    assert.equal(back.featureNames.at(1), packed.featureNames.at(1));
    // Where a better writer changes these bytes, the files stay and the new ones join them.
    if (!name.startsWith("v1-")) assert.deepEqual(again, new Uint8Array(await readFile(path)));
    else assert.ok(again.length <= packed.bytes, `${again.length} bytes, ${packed.bytes} before`);
  });
}
