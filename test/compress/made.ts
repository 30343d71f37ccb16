import { type CompressedPoint, Compression } from "../../src/compress/compression";
import { numberedNames } from "../../src/matrix/names";
import { pack } from "../../src/pack/write";
import { QuantizedModel } from "../../src/quantize/quantized";

/** A compression of made-up models of 1 to `count` weights, better the larger they are but for every third. */
export function madeCompression(count = 8, input = ""): Compression {
  const points = Array.from({ length: count }, (_, i): CompressedPoint => {
    const model = new QuantizedModel({
      classes: [0, 1],
      link: "binary",
      featureNames: numberedNames(10 * count),
      positions: Uint32Array.from({ length: i + 1 }, (_, at) => 10 * at),
      codes: Uint16Array.from({ length: i + 1 }, (_, at) => at % 2),
      scheme: { kind: "codebook", bits: 1, levels: Float64Array.of(-1, 1) },
      intercepts: Float64Array.of(0.5),
    });
    const packed = pack(model);
    const logLoss = 0.5 / (i + 1) + (i % 3 === 2 ? 0.3 : 0.1);
    const accuracy = 1 - logLoss / 2;
    const around = (estimate: number) => ({ estimate, low: estimate - 0.01, high: estimate + 0.01 });
    return {
      ...{ model, packed, bytes: packed.length, nonzeros: i + 1, input, levels: 2 },
      ...{ lambda: 1e-3, mu: 1e-4 * (count - i), start: "l1 0.01", effort: "fast" },
      crossValidated: {
        ...{ logLoss, accuracy, flips: around(0.02) },
        accuracyDrop: around(0.95 - accuracy),
        logLossIncrease: around(logLoss / 0.1 - 1),
      },
    };
  });
  return new Compression({
    points,
    baseline: { lambda: 1e-4, bytes: 4 * (10 * count + 1), logLoss: 0.1, accuracy: 0.95 },
    ...{
      budget: { maxAccuracyDrop: 0.05 },
      margin: { accuracy: 1, logLoss: 1, flips: 1 },
      folds: 5,
      rows: 100,
      coarse: false,
      cancelled: false,
      seconds: 2,
    },
  });
}
