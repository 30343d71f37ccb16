import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LogitpressError } from "../../src/base/errors";
import { pool } from "../../src/compress/inputs";
import { numberedNames } from "../../src/matrix/names";
import { coarsen } from "../../src/pack/coarsen";
import { ledger } from "../../src/pack/ledger";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { QuantizedModel } from "../../src/quantize/quantized";
import { randomData } from "../train/data";
import { type Pooled, pooledModels, spread } from "./pooled-models";

const refused = (code: string) => (error: unknown) => error instanceof LogitpressError && error.code === code;

test("weights that are one a square come back to the last bit, in fewer bytes than one a pixel takes", () => {
  fc.assert(
    fc.property(pooledModels, ({ model, pooling }) => {
      const file = pack(model, { pooling });
      assert.equal(file[1], 3);
      const read = unpack(file);
      assert.deepEqual(read.weights, model.weights);
      assert.deepEqual(read.intercepts, model.intercepts);
      assert.deepEqual(read.pooling, pooling);
      assert.deepEqual(pack(read), file, "packed again it is the same file");
      assert.equal(
        ledger(file).sections.reduce((sum, { bytes }) => sum + bytes, 0),
        file.length,
      );
    }),
    { seed: 1, numRuns: 150 },
  );
});

test("a model of pixels gives the margins that the model of pooled pixels gives", () => {
  const data = randomData("dense", 40, 35, 3, 2);
  fc.assert(
    fc.property(pooledModels, (drawn) => {
      if (drawn.model.features !== 35) return;
      const pooled = pool(data, drawn.pooling);
      const own = drawn.model.margins(data.features).values;
      const theirs = drawn.squares.margins(pooled.features).values;
      own.forEach((margin, i) => {
        assert.ok(Math.abs(margin - theirs[i]) <= 1e-5 * (1 + Math.abs(theirs[i])), `${margin} ${theirs[i]}`);
      });
    }),
    { seed: 2, numRuns: 60 },
  );
});

test("with fewer bits of mantissa squares stay squares", () => {
  const drawn = fc.sample(pooledModels, { numRuns: 20, seed: 4 });
  for (const { model, pooling } of drawn) {
    const coarse = coarsen(model, { levels: 3 });
    assert.deepEqual(unpack(pack(coarse, { pooling })).weights, coarse.weights);
  }
});

test("every flipped bit of a file of pooled pixels is noticed", () => {
  const [{ model, pooling }] = fc.sample(pooledModels, { numRuns: 1, seed: 5 });
  const file = pack(model, { pooling });
  for (let bit = 0; bit < 8 * file.length; bit++) {
    const wrong = file.slice();
    wrong[bit >> 3] ^= 1 << (bit & 7);
    assert.throws(() => unpack(wrong), LogitpressError);
  }
});

test("a square's level beyond 32-bit floats, of which no pooled file could be written again, is refused", () => {
  const sealed = "8c03e6c00c07170ce4e269e47ffa3b4847bf2117c2100950edb47a6f70da2efd";
  assert.throws(() => unpack(Buffer.from(sealed, "hex")), refused("corrupt-file"));
});

test("weights that differ within a square, other models and squares that are none are refused", () => {
  const one: Pooled = spread({
    ...{ width: 4, by: 2, height: 4, link: "binary", classes: [0, 1] },
    ...{ positions: Uint32Array.of(0, 3), codes: Uint16Array.of(0, 1), levels: Float64Array.of(-1, 2) },
    intercepts: Float64Array.of(0.5),
  });
  const { model, pooling } = one;
  assert.deepEqual([...model.positions], [0, 1, 4, 5, 10, 11, 14, 15]);
  assert.deepEqual([...model.weights.subarray(0, 5)], [-0.25, -0.25, 0, 0, -0.25]);
  const parts = { ...model, featureNames: numberedNames(16) } as QuantizedModel;
  const codes = Uint16Array.from(model.codes);
  codes[0] = 1;
  const other = new QuantizedModel({ ...parts, codes });
  assert.throws(() => pack(other, { pooling }), refused("invalid-option"));
  const fewer = new QuantizedModel({
    ...parts,
    positions: model.positions.slice(1),
    codes: model.codes.slice(1),
  });
  assert.throws(() => pack(fewer, { pooling }), refused("invalid-option"));
  assert.throws(() => pack(model, { pooling: { width: 3 } }), refused("invalid-option"));
  assert.throws(() => pack(model, { pooling: { width: 4, by: 1 } }), refused("invalid-option"));
  assert.throws(() => pack(model, { pooling: { width: 4, side: 2 } as never }), refused("unknown-option"));
  assert.throws(
    () => pack(unpack(pack(unpack(pack(model)))), { pooling: { width: 2 } }),
    refused("invalid-option"),
  );
});
