import { Random } from "../../../src/base/random";
import { type CompressedPoint, Compression } from "../../../src/compress/compression";
import { TableEncoder } from "../../../src/frame/encoder";
import type { Dataset } from "../../../src/matrix/dataset";
import type { LinearModel } from "../../../src/model/linear";
import type { Scorer } from "../../../src/model/scorer";
import { pack } from "../../../src/pack/write";
import { prune } from "../../../src/prune/prune";
import { quantize } from "../../../src/quantize/quantize";
import { LogisticRegression } from "../../../src/train/logistic-regression";

/** Strings that would be harm in a page that takes them for its own. */
export const hostile = `</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">`;

const good = "meeting report patch server café naïve build 修正 linux don't".split(" ");
const bad = "free money click offer guarantee winner 😀 cash limited straße".split(" ");

/** Letters and what is known of them: a text, a number, a level and a class. */
export type Letters = {
  readonly text: string[];
  readonly hour: number[];
  readonly origin: string[];
  readonly kind: string[];
};

/** Letters of two kinds that share some words. */
export function letters(rows: number, seed: number): Letters {
  const random = new Random(seed);
  const kinds = ["ham", hostile];
  const kind = Array.from({ length: rows }, () => kinds[random.integer(2)]);
  const text = kind.map((own) =>
    Array.from({ length: 3 + random.integer(12) }, () => {
      const usual = random.uniform() < 0.75;
      const from = (own === "ham") === usual ? good : bad;
      return from[random.integer(from.length)];
    }).join(" "),
  );
  const hour = kind.map((own) => Math.round(10 * (random.normal() + Number(own === "ham"))) / 10);
  return { text, hour, origin: kind.map(() => ["here", hostile, "there"][random.integer(3)]), kind };
}

/** A front of models of letters. */
export interface Made {
  readonly frame: Letters;
  readonly encoder: TableEncoder;
  readonly model: LinearModel;
  readonly test: Dataset;
  readonly compression: Compression;
}

/** A search whose models were pruned and quantized one by one, so that it takes no time. */
export async function madeFront(): Promise<Made> {
  const encoder = TableEncoder.fit(letters(300, 1), {
    label: "kind",
    numeric: ["hour"],
    categorical: ["origin"],
    text: "text",
    textOptions: { ngrams: [1, 2], bits: 12, tfidf: true },
  });
  const train = encoder.transform(letters(300, 1));
  const model = await new LogisticRegression({ lambda: 1e-3 }).fit(train);
  const points: CompressedPoint[] = [];
  for (const keep of [2, 8, 30, 120]) {
    const pruned = await prune(model, { strategy: "magnitude", keep, data: train });
    points.push(pointOf(await quantize(pruned, { method: "kmeans", bits: 2, data: train })));
  }
  const frame = letters(200, 2);
  const compression = compressionOf(points);
  return { frame, encoder, model, test: encoder.transform(frame), compression };
}

/** The result of a search of these points, the third of which it has chosen. */
export function compressionOf(points: readonly CompressedPoint[]): Compression {
  return new Compression({
    points,
    baseline: { lambda: 1e-3, bytes: 10_000, logLoss: 0.1, accuracy: 0.99 },
    budget: { maxAccuracyDrop: 0.06 },
    margin: { accuracy: 0, logLoss: 0, flips: 0 },
    folds: 3,
    rows: 300,
    coarse: false,
    cancelled: false,
    seconds: 1,
  });
}

/** A quantized model as a point of a search, said to be the better the more weights it has. */
export function pointOf(model: CompressedPoint["model"]): CompressedPoint {
  const packed = pack(model);
  const drop = 0.5 / Math.sqrt(model.nonzeros + 60);
  const none = { estimate: 0, low: 0, high: 0 };
  return {
    ...{ model, packed, bytes: packed.length, nonzeros: model.nonzeros, input: "", levels: 4 },
    ...{ lambda: 1e-3, mu: 1 / model.nonzeros, start: hostile, effort: "fast" },
    crossValidated: {
      logLoss: drop,
      accuracy: 1 - drop,
      accuracyDrop: { estimate: drop, low: 0, high: 2 * drop },
      logLossIncrease: none,
      flips: none,
    },
  };
}

/** The probabilities that a model gives a table's rows, row after row. */
export function probabilitiesOf(
  model: Scorer,
  encoder: TableEncoder,
  frame: Omit<Letters, "kind">,
): number[][] {
  const { columns, values } = model.predictProba(encoder.features({ ...frame }));
  return Array.from({ length: values.length / columns }, (_, i) => [
    ...values.subarray(i * columns, (i + 1) * columns),
  ]);
}
