// Han, Mao and Dally (2016), "Deep Compression", as in the paper: magnitude pruning and training again in turn; weights shared by
// k-means from centroids spaced evenly between the least and the largest (section 3.2), which are then trained by the sum of their
// weights' gradients (3.3); positions as gaps of 5 or 8 bits with filler zeros (2); codes and gaps each by a Huffman code (4),
// whose table is stored, too.
import { levelSumsOf, tunedLevels } from "./shared-levels.mjs";

/** Bits of a gap: 5 in the paper's dense layers, 8 in its others. */
const widths = [5, 8];

/** The bytes of a quantized model stored that way, gaps in `width` bits. */
export function deepBytes(model, width) {
  const longest = 2 ** width - 1;
  const gaps = [];
  const codes = [];
  const filler = model.scheme.levels.length;
  let before = -1;
  model.positions.forEach((at, i) => {
    let gap = at - before - 1;
    for (; gap > longest; gap -= longest + 1) {
      gaps.push(longest);
      codes.push(filler);
    }
    gaps.push(gap);
    codes.push(model.codes[i]);
    before = at;
  });
  const floats = 4 * (model.scheme.levels.length + model.intercepts.length);
  return 8 + floats + Math.ceil((huffmanBits(gaps, width) + huffmanBits(codes, 8)) / 8);
}

/** The bits of values by a Huffman code, and those of its table: a value of `width` bits and a length of 5 each. */
function huffmanBits(values, width) {
  const counts = new Map();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  const table = counts.size * (width + 5) + 16;
  if (counts.size === 1) return table + values.length;
  const heap = [...counts.values()].sort((a, b) => a - b);
  let bits = 0;
  while (heap.length > 1) {
    const sum = heap.shift() + heap.shift();
    bits += sum;
    const at = heap.findIndex((c) => c >= sum);
    heap.splice(at < 0 ? heap.length : at, 0, sum);
  }
  return table + bits;
}

/**
 * Files of many sparsities and bits, each judged on the test rows.
 * @param seconds after which no smaller model is begun
 * @returns the files, and whether smaller ones were not tried for want of time
 */
export async function deepCompression(library, { train, test }, lambda, sizes, seconds) {
  const started = performance.now();
  const peer = "Deep Compression";
  const { LogisticRegression, prune, evaluate } = library;
  let model = await new LogisticRegression({ lambda }).fit(train);
  const files = [];
  // Pruned and trained again in turn, each time from what was left.
  for (const keep of sizes.filter((n) => n < model.nonzeros).sort((a, b) => b - a)) {
    if (performance.now() - started > 1000 * seconds) {
      console.log(`    Deep Compression: stopped after ${seconds} s, before ${keep} weights`);
      return { peer, files, stopped: true };
    }
    model = await prune(model, { strategy: "magnitude", keep, data: train, refit: { lambda: [lambda] } });
    for (const bits of [2, 3, 4, 5]) {
      const small = tuned(library, shared(library, model, bits), train, lambda);
      const { accuracy, logLoss } = evaluate(small, test, { latencyRows: 0 });
      const bytes = Math.min(...widths.map((width) => deepBytes(small, width)));
      files.push({
        peer,
        settings: `${keep} weights, ${bits} bits`,
        bytes,
        accuracy,
        logLoss,
      });
    }
  }
  return { peer, files, stopped: false };
}

/** Weights at the nearest of 2^bits centroids by Lloyd's algorithm. */
function shared({ QuantizedModel }, model, bits) {
  const positions = Uint32Array.from(model.weights.keys()).filter((at) => model.weights[at] !== 0);
  const values = Float64Array.from(positions, (at) => model.weights[at]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const count = 2 ** bits;
  let levels = Float64Array.from({ length: count }, (_, l) => least + ((most - least) * l) / (count - 1));
  let codes = new Uint16Array(values.length);
  for (let round = 0; round < 100; round++) {
    const near = Uint16Array.from(values, (w) =>
      levels.reduce((best, v, l) => (Math.abs(v - w) < Math.abs(levels[best] - w) ? l : best), 0),
    );
    const sums = new Float64Array(count);
    const counts = new Float64Array(count);
    near.forEach((l, i) => {
      sums[l] += values[i];
      counts[l]++;
    });
    levels = levels.map((v, l) => (counts[l] > 0 ? sums[l] / counts[l] : v));
    const moved = near.some((l, i) => l !== codes[i]);
    codes = near;
    if (!moved && round > 0) break;
  }
  const { classes, link, featureNames, intercepts } = model;
  return new QuantizedModel({
    ...{ classes, link, featureNames, positions, codes, intercepts },
    scheme: { kind: "codebook", bits, levels: levels.map((v) => v || 1e-30) },
  });
}

/** The same codes with levels and intercepts trained to the loss and the penalty that the model was trained to. */
function tuned({ QuantizedModel }, model, train, lambda) {
  const { classes, link, featureNames, positions, codes, scheme } = model;
  const sums = levelSumsOf(model, train);
  const { levels, intercepts } = tunedLevels(model, sums, train, lambda);
  return new QuantizedModel({
    ...{ classes, link, featureNames, positions, codes, intercepts },
    scheme: { ...scheme, levels: levels.map((v) => Math.fround(v) || 1e-30) },
  });
}
