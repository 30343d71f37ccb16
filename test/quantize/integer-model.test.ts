import assert from "node:assert/strict";
import { test } from "node:test";
import { DenseMatrix } from "../../src/matrix/dense";
import { numberedNames } from "../../src/matrix/names";
import { storedBytes } from "../../src/pack/stored";
import { pack } from "../../src/pack/write";
import { IntegerModel, inputCode } from "../../src/quantize/integer-model";
import { quantize } from "../../src/quantize/quantize";
import { type InputOptions, quantizeInputs } from "../../src/quantize/quantize-inputs";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { kinds, randomData } from "../train/data";

for (const kind of kinds) {
  for (const classes of [2, 3]) {
    test(`margins in integers are within the bound of their rounding: ${kind}, ${classes} classes`, async () => {
      const data = randomData(kind, 120, 10, classes, 2);
      const model = await quantize(await new LogisticRegression({ lambda: 0.01 }).fit(data), {
        bits: 3,
        data,
      });
      for (const granularity of ["feature", "model"] as const) {
        const integers = quantizeInputs(model, { data, granularity });
        const { rows, largestMarginError, meanMarginError, clipped, changed } = integers.calibration!;
        assert.equal(rows, 120);
        assert.equal(clipped, 0);
        assert.ok(changed <= 4);
        assert.ok(meanMarginError <= largestMarginError);
        const wanted = model.margins(data.features).values;
        const found = integers.margins(data.features).values;
        const K = model.outputs;
        const x = data.features.kind === "dense" ? data.features : data.features.toDense();
        wanted.forEach((margin, at) => {
          const [i, k] = [Math.floor(at / K), at % K];
          let bound = 1e-9;
          for (let j = 0; j < 10; j++) {
            const own = x.values[i * 10 + j];
            const weight = Math.abs(model.weights[j * K + k]);
            const step = integers.inputScales[j];
            // Half a step of the input times the weight, half a step of the weight times the input.
            bound += (weight * step) / 2 + (integers.outputScales[k] / step / 2) * (Math.abs(own) + step / 2);
          }
          assert.ok(Math.abs(found[at] - margin) <= bound, `${found[at]} for ${margin}, bound ${bound}`);
        });
        const largest = wanted.reduce((most, m, at) => Math.max(most, Math.abs(m - found[at])), 0);
        assert.equal(largest, largestMarginError);
      }
    });
  }
}

test("weights on a uniform grid are exact in integers where inputs share a scale", async () => {
  const data = randomData("dense", 120, 10, 3, 2);
  const model = await quantize(await new LogisticRegression({ lambda: 0.01 }).fit(data), {
    ...{ method: "uniform", bits: 7 },
    data,
  });
  const integers = quantizeInputs(model, { data, granularity: "model" });
  assert.ok(integers.calibration!.exactWeights);
  integers.weights.forEach((w, at) => {
    assert.ok(Math.abs(w - model.weights[at]) < 1e-12);
  });
  assert.equal(integers.nonzeros, model.nonzeros);
  assert.ok(!quantizeInputs(model, { data }).calibration!.exactWeights);
});

test("inputs beyond the calibrated range are clipped and counted", async () => {
  const data = randomData("dense", 120, 10, 2, 2);
  const model = await quantize(await new LogisticRegression({ lambda: 0.01 }).fit(data), { data });
  const half = quantizeInputs(model, { data, range: "percentile", percentile: 50 });
  assert.ok(Math.abs(half.calibration!.clipped - 0.5) < 0.05);
  const wide = data.withFeatures(
    new DenseMatrix(
      120,
      10,
      data.features.values!.map((x) => 1e6 * x),
    ),
  );
  assert.ok(half.margins(wide.features).values.every(Number.isFinite));
  assert.equal(inputCode(1e9, 1), 127);
  assert.equal(inputCode(-1e9, 1), -127);
  const zeros = data.withFeatures(new DenseMatrix(120, 10, new Float32Array(1200)));
  const silent = quantizeInputs(model, { data: zeros });
  assert.deepEqual(silent.margins(zeros.features).values, new Float64Array(120).fill(model.intercepts[0]));
});

test("what does not fit is refused", async () => {
  const data = randomData("dense", 60, 4, 2, 2);
  const trained = await new LogisticRegression().fit(data);
  const model = await quantize(trained, { data });
  const refused: [InputOptions, string][] = [
    [{ data: randomData("dense", 60, 3, 2, 2) }, "width-mismatch"],
    [{ data, range: "mse" as never }, "invalid-option"],
    [{ data, granularity: "row" as never }, "invalid-option"],
    [{ data, range: "percentile", percentile: 101 }, "invalid-option"],
    [{ data, bits: 4 } as never, "unknown-option"],
  ];
  for (const [options, code] of refused) assert.throws(() => quantizeInputs(model, options), { code });
  // @ts-expect-error a trained model has no codes
  assert.throws(() => quantizeInputs(trained, { data }), { code: "invalid-model" });
  const integers = quantizeInputs(model, { data });
  // @ts-expect-error integers are not quantized again
  await assert.rejects(quantize(integers, {}), { code: "invalid-model" });
  assert.throws(() => pack(integers), { code: "unsupported-model" });
  assert.equal(storedBytes(integers), 5 * 4 + 4 * (4 + 2));
  const features = 140_000;
  assert.throws(
    () =>
      new IntegerModel({
        ...{ classes: [0, 1], link: "binary", featureNames: numberedNames(features) },
        codes: new Int8Array(features).fill(127),
        outputScales: Float64Array.of(1),
        inputScales: new Float64Array(features).fill(1),
        ...{ intercepts: Float64Array.of(0), calibration: null },
      }),
    { code: "invalid-model", message: /32-bit accumulator/ },
  );
});
