import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { before, test } from "node:test";
import { fromLiblinear } from "../../src/export/import/from-liblinear";
import { fromOnnx } from "../../src/export/import/from-onnx";
import { fromSklearn } from "../../src/export/import/from-sklearn";
import { toOnnx } from "../../src/export/onnx/to-onnx";
import { Dataset, type Label } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import type { LinearScorer } from "../../src/model/linear";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { modelOf } from "../evaluate/models";
import { python, root } from "../python";

interface Foreign {
  readonly name: string;
  readonly x: number[][];
  readonly labels: Label[];
  readonly probabilities: number[];
  readonly json?: string;
  readonly onnx?: string;
  readonly liblinear?: string;
}

let cases: Foreign[];

before(() => {
  const args = [join(root, "test", "export", "foreign.py"), join(root, "src", "export", "sklearn")];
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: "utf8", maxBuffer: 1 << 29 });
  assert.equal(status, 0, stderr.slice(-3000));
  cases = JSON.parse(stdout) as Foreign[];
});

function same(model: LinearScorer, { name, x, labels, probabilities }: Foreign, tolerance: number): void {
  const features = DenseMatrix.fromRows(x);
  const ours = model.predictProba(features).values;
  const worst = ours.reduce((top, p, i) => Math.max(top, Math.abs(p - probabilities[i])), 0);
  assert.ok(worst <= tolerance, `${name}: ${worst}`);
  const differ = model.predict(features).filter((label, i) => label !== labels[i]).length;
  assert.equal(differ, 0, `${name}: ${differ} labels`);
}

test("models of scikit-learn, with and without a scaler, are read as they were", () => {
  const own = cases.filter(({ json }) => json !== undefined);
  assert.equal(own.length, 6);
  // Features are 32-bit floats here.
  for (const c of own) same(fromSklearn(c.json!), c, 2e-5);
});

test("ONNX files of scikit-learn's converter are read", () => {
  const own = cases.filter(({ onnx }) => onnx !== undefined);
  assert.equal(own.length, 4);
  for (const c of own) same(fromOnnx(Buffer.from(c.onnx!, "base64")), c, 2e-4);
});

test("models of liblinear are read, whichever label it met first", () => {
  const own = cases.filter(({ liblinear }) => liblinear !== undefined);
  assert.equal(own.length, 3);
  for (const c of own) same(fromLiblinear(c.liblinear!), c, 1e-5);
});

test("what is read can be pruned, quantized and packed", async () => {
  const c = cases.find(({ name }) => name === "digits softmax")!;
  const model = fromSklearn(c.json!);
  const data = Dataset.from({ features: c.x, labels: c.labels });
  const small = await quantize(await prune(model, { keep: 200 }), { bits: 4 });
  const packed = unpack(pack(small));
  assert.ok(packed.bytes < 500, `${packed.bytes} bytes`);
  assert.ok(packed.score(data) > 0.9, `accuracy ${packed.score(data)}`);
});

const refused = (code: string, message: RegExp) => ({ code, message });

test("files that are none are refused", () => {
  for (const text of [
    "",
    "{",
    "null",
    "[]",
    '{"format":"logitpress-linear-1"}',
    "\0",
    '{"format":"logitpress-linear-1","classes":[1,2],"link":"binary","features":1e12,"names":null,"intercepts":[0],"places":"","weights":""}',
  ]) {
    assert.throws(
      () => fromSklearn(text),
      (e: { code: string }) => ["invalid-file", "unsupported-model"].includes(e.code),
    );
  }
  assert.throws(() => fromLiblinear(""), refused("invalid-file", /before the weights/));
  const model = cases.find(({ liblinear }) => liblinear !== undefined)!.liblinear!;
  assert.throws(
    () => fromLiblinear(model.replace("L2R_LR", "L2R_L2LOSS_SVC")),
    refused("unsupported-model", /L2R_L2LOSS_SVC/),
  );
  assert.throws(
    () => fromLiblinear(model.slice(0, model.length / 2)),
    refused("invalid-file", /lines of weights/),
  );
  assert.throws(() => fromLiblinear(model.replace(/^bias .*$/m, "bias x")), refused("invalid-file", /bias/));
  assert.throws(() => fromOnnx(new Uint8Array(0)), refused("invalid-file", /graph/));
  assert.throws(() => fromOnnx(Uint8Array.of(0x3a, 0x7f, 1)), refused("invalid-file", /Protocol Buffers/));
});

test("truncated and altered ONNX files never crash", () => {
  const bytes = Buffer.from(cases.find(({ onnx }) => onnx !== undefined)!.onnx!, "base64");
  let refusedCount = 0;
  for (let i = 0; i < 400; i++) {
    const altered = Uint8Array.from(i % 2 === 0 ? bytes.subarray(0, (i * 7919) % bytes.length) : bytes);
    if (i % 2 === 1) altered[(i * 104729) % altered.length] ^= 1 + (i % 255);
    try {
      fromOnnx(altered);
    } catch (error) {
      refusedCount++;
      const { code } = error as { code?: string };
      assert.ok(["invalid-file", "unsupported-model"].includes(code ?? ""), String(error));
    }
  }
  assert.ok(refusedCount > 100);
});

test("an ONNX file with other operators is refused by the operator's name", () => {
  const { bytes } = toOnnx(modelOf(["a", "b"], "binary", [1, -2], [0.5]));
  assert.throws(() => fromOnnx(bytes), refused("unsupported-model", /operator of the ONNX file: "\w+"/));
});
