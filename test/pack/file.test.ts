import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { TableEncoder } from "../../src/frame/encoder";
import type { EncoderState } from "../../src/frame/encoder-state";
import { listedNames, numberedNames } from "../../src/matrix/names";
import { LinearModel } from "../../src/model/linear";
import { load, save } from "../../src/pack/file";
import { ledger } from "../../src/pack/ledger";
import { unpack } from "../../src/pack/read";
import { storedBytes } from "../../src/pack/stored";
import { pack } from "../../src/pack/write";
import { PrunedModel } from "../../src/prune/pruned";
import { QuantizedModel } from "../../src/quantize/quantized";
import { evidence } from "../model/evidence";
import { linearParts } from "./models";

function sparseModel(features: number, kept: number): QuantizedModel {
  const random = new Random(3);
  const places = new Set<number>();
  while (places.size < kept) places.add(random.integer(features));
  const positions = Uint32Array.from(places).sort();
  return new QuantizedModel({
    classes: [0, 1],
    link: "binary",
    featureNames: numberedNames(features),
    positions,
    codes: Uint16Array.from(positions, () => random.integer(4)),
    scheme: { kind: "codebook", bits: 2, levels: Float64Array.of(-2, -0.5, 0.5, 2) },
    intercepts: Float64Array.of(-0.75),
  });
}

test("40 weights among 262,144 take less than 110 bytes", () => {
  const bytes = pack(sparseModel(2 ** 18, 40));
  assert.ok(bytes.length < 110, String(bytes.length));
});

test("random positions stay within 0.3 % and codes within 1 % of the bound", () => {
  const found = ledger(pack(sparseModel(2 ** 18, 1000)));
  const { sections, bound } = found;
  const sizeOf = (name: string) => sections.find((s) => s.name === name)!.bits / 8;
  assert.ok(sizeOf("positions") <= 1.003 * bound.positions);
  assert.ok(sizeOf("codes") <= 1.01 * bound.codes);
  const over = sizeOf("positions") + sizeOf("codes") - bound.positions - bound.codes;
  assert.ok(Math.abs(found.overBound - over) < 1e-9);
});

test("saving puts a whole file in the place of the old one and leaves nothing beside it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "logitpress-"));
  try {
    const path = join(folder, "m.logit");
    await writeFile(path, "old");
    const model = sparseModel(1000, 30);
    const size = await save(model, path, { provenance: { seed: "3", data: "abc" } });
    assert.deepEqual(await readdir(folder), ["m.logit"]);
    assert.equal((await readFile(path)).length, size);
    const back = await load(path);
    assert.deepEqual(back.weights, model.weights);
    assert.deepEqual(back.provenance, { seed: "3", data: "abc" });
    assert.equal(back.bytes, size);
    const missing = join(folder, "missing", "m.logit");
    await assert.rejects(save(model, missing), { code: "failed" });
    await assert.rejects(load(missing), { code: "invalid-file" });
  } finally {
    await rm(folder, { recursive: true });
  }
});

const state: EncoderState = {
  label: "kind",
  classes: ["ham", "spam"],
  numeric: [{ name: "age", mean: 41.123456789, scale: 0.1 }],
  categorical: [{ name: "colour", levels: ["blue", "grün"] }],
  text: [{ name: "text", bits: 4, seed: 7, ngrams: [1, 2], sublinear: true, lowercase: false }],
  missing: "mean",
  unseen: "error",
};

function modelFor(classes: readonly string[], features: number): LinearModel {
  const weights = Float64Array.from({ length: features }, (_, j) => j - 4);
  return new LinearModel(
    { link: "binary", classes, ...linearParts(features, weights, Float64Array.of(0.5)) },
    evidence,
    1,
  );
}

test("a file holds its encoder, whose state comes back exactly", () => {
  const encoder = TableEncoder.fromState(state);
  const packed = unpack(pack(modelFor(["ham", "spam"], 19), { encoder }));
  assert.deepEqual(packed.encoder!.state(), state);
  assert.equal(packed.featureNames.at(2), "colour=grün");
  assert.throws(() => pack(modelFor(["ham", "spam"], 20), { encoder }), { code: "width-mismatch" });
  assert.throws(() => pack(modelFor(["spam", "ham"], 19), { encoder }), { code: "invalid-option" });
});

test("the encoder of hashed text takes a few bytes", () => {
  const encoder = TableEncoder.fromState({ ...state, label: "label", numeric: [], categorical: [] });
  const { sections } = ledger(pack(modelFor(["ham", "spam"], 16), { encoder }));
  assert.ok(sections.find((s) => s.name === "encoder")!.bytes <= 22);
});

test("a file holds the names of the features where asked", () => {
  const base = modelFor(["a", "b"], 3);
  const model = new LinearModel({ ...base, featureNames: listedNames(["x", "", "Größe"]) }, evidence, 1);
  const names = unpack(pack(model, { featureNames: true })).featureNames;
  assert.deepEqual([0, 1, 2].map(names.at), ["x", "", "Größe"]);
  assert.equal(unpack(pack(model)).featureNames.at(2), "x2");
});

test("plain storage is counted as one would write it", () => {
  const trained = modelFor(["a", "b"], 30);
  assert.equal(storedBytes(trained), 4 * 31);
  const mask = Uint8Array.from(trained.weights, (w) => Number(w !== 0));
  const report = { strategy: "", kept: 29, removed: 0, sparsity: 0, threshold: 0, refitLambda: null };
  assert.equal(storedBytes(new PrunedModel(trained, mask, trained.weights, report)), 8 * 29 + 4);
  assert.equal(storedBytes(sparseModel(100, 10)), 4 * 10 + 3 + 4 * 4 + 4);
});

test("what can't be stored is refused", () => {
  const base = modelFor(["a", "b"], 3);
  const withWeight = (w: number) =>
    new LinearModel({ ...base, weights: Float64Array.of(w, 1, 1) }, evidence, 1);
  for (const w of [Number.NaN, Number.POSITIVE_INFINITY, 1e39]) {
    assert.throws(() => pack(withWeight(w)), { code: "invalid-model" });
  }
  assert.throws(() => pack(modelFor(["a", "\ud800"], 3)), { code: "unsupported-model" });
  assert.throws(() => pack(base, { names: true } as never), { code: "unknown-option" });
  const wide = sparseModel(2 ** 18, 3);
  const wider = new QuantizedModel({ ...wide, featureNames: numberedNames(2 ** 26 + 1) });
  assert.throws(() => pack(wider), { code: "unsupported-model" });
  const skewed = { kind: "uniform", bits: 2, scale: 1, zeroPoint: 0.3 } as const;
  const odd = new QuantizedModel({ ...partsOf(wide), scheme: skewed });
  assert.throws(() => pack(odd), { code: "unsupported-model" });
});

function partsOf({ classes, link, featureNames, positions, codes, intercepts }: QuantizedModel) {
  return { classes, link, featureNames, positions, codes, intercepts };
}

test("each fault of a file has its own error", () => {
  const bytes = pack(sparseModel(1000, 30));
  const changed = (at: number, byte: number) => bytes.map((b, i) => (i === at ? byte : b));
  const text = new TextEncoder().encode("age,label\n41,ham\n");
  assert.throws(() => unpack(text), { code: "invalid-file" });
  assert.throws(() => unpack(new Uint8Array(0)), { code: "invalid-file" });
  assert.throws(() => unpack(changed(1, 4)), { code: "unsupported-version" });
  assert.throws(() => unpack(Uint8Array.of(0x8c, 0x4c, 0x47, 2, 0)), { code: "unsupported-version" });
  assert.throws(() => unpack(Uint8Array.of(0x8c, 0x4c, 0x48)), { code: "invalid-file" });
  assert.throws(() => unpack(bytes.subarray(0, 5)), { code: "truncated-file" });
  assert.throws(() => unpack(bytes.subarray(0, bytes.length - 1)), { code: "corrupt-file" });
  assert.throws(() => unpack(changed(bytes.length - 7, bytes[bytes.length - 7] ^ 1)), {
    code: "corrupt-file",
  });
  assert.throws(() => unpack(Uint8Array.of(...bytes, 0)), { code: "corrupt-file" });
});
