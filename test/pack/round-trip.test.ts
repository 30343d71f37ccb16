import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ledger } from "../../src/pack/ledger";
import { unpack } from "../../src/pack/read";
import { storedBytes } from "../../src/pack/stored";
import { pack } from "../../src/pack/write";
import { QuantizedModel } from "../../src/quantize/quantized";
import { floatModels, quantizedModels } from "./models";

test("a quantized model comes back to the last bit", () => {
  fc.assert(
    fc.property(quantizedModels, (model) => {
      const { model: back } = unpack(pack(model));
      assert.ok(back instanceof QuantizedModel);
      assert.equal(back.link, model.link);
      assert.deepEqual(back.classes, model.classes);
      assert.deepEqual(back.positions, model.positions);
      assert.deepEqual(back.codes, model.codes);
      assert.deepEqual(back.scheme, model.scheme);
      assert.deepEqual(back.intercepts, model.intercepts);
      assert.deepEqual(back.weights, model.weights);
    }),
    { numRuns: 600, seed: 1 },
  );
});

test("models of 32-bit floats come back to the last bit", () => {
  fc.assert(
    fc.property(floatModels, (model) => {
      const back = unpack(pack(model));
      assert.equal(back.model.stage, model.stage);
      assert.deepEqual(back.classes, model.classes);
      assert.deepEqual(back.weights, model.weights);
      assert.deepEqual(back.intercepts, model.intercepts);
    }),
    { numRuns: 200, seed: 2 },
  );
});

test("the same model gives the same bytes, also when it has been unpacked", () => {
  fc.assert(
    fc.property(quantizedModels, (model) => {
      const bytes = pack(model);
      assert.deepEqual(pack(model), bytes);
      assert.deepEqual(pack(unpack(bytes)), bytes);
    }),
    { numRuns: 100, seed: 3 },
  );
});

test("the ledger accounts for every byte", () => {
  fc.assert(
    fc.property(fc.oneof(quantizedModels, floatModels), (model) => {
      const bytes = pack(model);
      const packed = unpack(bytes);
      const { sections, bytes: total } = ledger(bytes);
      assert.equal(total, bytes.length);
      assert.equal(
        sections.reduce((sum, s) => sum + s.bytes, 0),
        bytes.length,
      );
      assert.deepEqual(ledger(packed), ledger(bytes));
      assert.deepEqual(ledger(model), ledger(bytes));
      assert.equal(packed.nonzeros, model.nonzeros);
      assert.equal(storedBytes(packed), bytes.length);
    }),
    { numRuns: 200, seed: 4 },
  );
});
