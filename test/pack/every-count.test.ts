import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { numberedNames } from "../../src/matrix/names";
import type { Link } from "../../src/model/scorer";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { QuantizedModel } from "../../src/quantize/quantized";

type Support = (features: number, outputs: number, random: Random) => number[];

const each = (features: number, outputs: number) => Array.from({ length: features * outputs }, (_, at) => at);

/** Supports as each coder of positions likes them: none, one, all, random, clustered, and one shared by the classes. */
const supports: Record<string, Support> = {
  empty: () => [],
  first: () => [0],
  last: (features, outputs) => [features * outputs - 1],
  full: each,
  few: (features, outputs, random) => each(features, outputs).filter(() => random.uniform() < 0.02),
  half: (features, outputs, random) => each(features, outputs).filter(() => random.uniform() < 0.5),
  cluster: (features, outputs) => each(features, outputs).filter((at) => at % 97 < 30),
  shared: (features, outputs, random) => {
    const kept = Array.from({ length: features }, () => random.uniform() < 0.1);
    return each(features, outputs).filter((at) => kept[Math.floor(at / outputs)]);
  },
};

function roundTrip(link: Link, classes: number, features: number, count: number, support: string): void {
  const random = new Random(1000 * classes + count);
  const outputs = link === "binary" ? 1 : classes;
  const positions = Uint32Array.from(supports[support](features, outputs, random));
  const levels = Float64Array.from({ length: count }, (_, l) => Math.fround((l - count / 2 + 0.25) / 7));
  const codes = Uint16Array.from(positions, () => random.integer(count));
  const model = new QuantizedModel({
    classes: Array.from({ length: classes }, (_, k) => k),
    link,
    featureNames: numberedNames(features),
    positions,
    codes,
    scheme: { kind: "codebook", bits: Math.max(1, Math.ceil(Math.log2(count))), levels },
    intercepts: Float64Array.from({ length: outputs }, () => random.normal()),
  });
  const { model: back } = unpack(pack(model));
  const what = `${link}, ${classes} classes, ${count} levels, ${support}`;
  assert.ok(back instanceof QuantizedModel, what);
  assert.deepEqual(back.positions, model.positions, what);
  assert.deepEqual(back.codes, model.codes, what);
  assert.deepEqual(back.scheme, model.scheme, what);
  assert.deepEqual(back.intercepts, model.intercepts, what);
  assert.deepEqual(back.weights, model.weights, what);
}

for (const support of Object.keys(supports)) {
  test(`${support} support: every number of levels from 1 to 256 comes back to the last bit`, () => {
    for (let count = 1; count <= 256; count++) roundTrip("binary", 2, 400, count, support);
  });

  test(`${support} support: every number of classes from 3 to 40 and some more, softmax and ovr, too`, () => {
    for (const classes of [...Array.from({ length: 38 }, (_, i) => i + 3), 255, 256, 257, 1000]) {
      roundTrip("softmax", classes, 20, 5, support);
      roundTrip("ovr", classes, 20, 3, support);
    }
  });
}
