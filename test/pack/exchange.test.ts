import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Label } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import type { Scorer } from "../../src/model/scorer";
import { toJson } from "../../src/pack/json";
import { toNpz } from "../../src/pack/npz";
import { unpack } from "../../src/pack/read";
import { toSafetensors } from "../../src/pack/safetensors";
import { pack } from "../../src/pack/write";
import { modelOf, normals } from "../evaluate/models";
import { python, root } from "../python";
import { quantizedModels } from "./models";

interface Theirs {
  readonly npz: number[][];
  readonly dense: number[][];
  readonly sparse: number[][];
  readonly classes: Label[];
  readonly link: string[];
  readonly threshold: number[];
  readonly dtype: string;
}

function readByPython(model: Scorer, rows: number[][]): Theirs {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  const run = spawnSync(python, [join(root, "test", "pack", "exchange.py")], {
    input: JSON.stringify({
      rows,
      npz: hex(toNpz(model)),
      dense: hex(toSafetensors(model)),
      sparse: hex(toSafetensors(model, { sparse: true })),
    }),
    encoding: "utf8",
  });
  assert.equal(run.status, 0, run.stderr ?? String(run.error));
  return JSON.parse(run.stdout) as Theirs;
}

const rows = Array.from({ length: 4 }, (_, i) => normals(6, 30 + i).map(Math.fround));
const sparse = (count: number, seed: number) => normals(count, seed).map((w, at) => (at % 3 === 0 ? 0 : w));

test("NumPy, scipy and safetensors read the same models with the same margins", () => {
  const single = (values: number[]) => values.map(Math.fround);
  const several = modelOf(["ham", "Grüße", "spam"], "softmax", sparse(18, 1), normals(3, 2));
  const binary = modelOf([-1, 2], "binary", single(sparse(6, 3)), [0.25]);
  const file = unpack(pack(binary, { threshold: 0.75, temperature: 2 }));
  const mixed = modelOf([true, 1, "x"], "ovr", sparse(18, 4), normals(3, 5));
  for (const model of [several, binary, file, mixed]) {
    const theirs = readByPython(model, rows);
    const { values } = model.margins(DenseMatrix.fromRows(rows));
    for (const margins of [theirs.npz, theirs.dense, theirs.sparse]) {
      margins.flat().forEach((margin, at) => {
        assert.ok(Math.abs(margin - values[at]) < 1e-12, `${margin} against ${values[at]}`);
      });
    }
    const texts = model.classes.some((label) => typeof label !== "number");
    assert.deepEqual(theirs.classes, texts ? model.classes.map(String) : model.classes);
    assert.deepEqual(theirs.link, [model.link]);
    assert.deepEqual(theirs.threshold, [model.threshold]);
    assert.equal(theirs.dtype, model === several || model === mixed ? "float64" : "float32");
  }
  assert.throws(() => toSafetensors(binary, { dense: true } as object), { code: "unknown-option" });
});

interface Json {
  readonly stage: string;
  readonly intercepts: number[];
  readonly classes: Label[];
  readonly weights: { feature: number; class: Label; code: number; value: number; name: string }[];
}

test("JSON has every weight to the last bit, one a line", () => {
  fc.assert(
    fc.property(quantizedModels, (model) => {
      const text = toJson(model);
      const json = JSON.parse(text) as Json;
      assert.equal(json.stage, "quantized");
      assert.deepEqual(json.intercepts, Array.from(model.intercepts));
      assert.equal(json.weights.length, model.nonzeros);
      json.weights.forEach((line, i) => {
        const at = model.positions[i];
        assert.equal(line.value, model.weights[at]);
        assert.equal(line.code, model.codes[i]);
        assert.equal(line.feature, Math.floor(at / model.outputs));
      });
      assert.equal(text.split("\n").filter((line) => line.startsWith("    {")).length, model.nonzeros);
    }),
    { numRuns: 60, seed: 12 },
  );
});

test("JSON of a file tells what decides beside the weights", () => {
  const model = modelOf(["n", "p"], "binary", [1, 0, -2], [0.5]);
  const file = unpack(pack(model, { threshold: 0.75, temperature: 2, provenance: { seed: "3" } }));
  const json = JSON.parse(toJson(file));
  assert.equal(json.threshold, 0.75);
  assert.equal(json.temperature, 2);
  assert.deepEqual(json.provenance, { seed: "3" });
  assert.deepEqual(json.weights, [
    { feature: 0, name: "x0", class: "p", value: 0.5 },
    { feature: 2, name: "x2", class: "p", value: -1 },
  ]);
});
