// Han, Mao and Dally (2016), "Deep Compression", as in the textbook: magnitude pruning with a refit, k-means codes,
// positions as gaps of a fixed width with filler zeros, codes and gaps each by a Huffman code whose table is stored.

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

/** Files of many sparsities and bits, each judged on the test rows. */
export async function deepCompression(library, { train, test }, lambda, sizes) {
  const { LogisticRegression, prune, quantize, evaluate } = library;
  const model = await new LogisticRegression({ lambda }).fit(train);
  const files = [];
  for (const keep of sizes.filter((n) => n < model.nonzeros)) {
    const pruned = await prune(model, {
      strategy: "magnitude",
      keep,
      data: train,
      refit: { lambda: [lambda] },
    });
    for (const bits of [2, 3, 4]) {
      const small = await quantize(pruned, { method: "kmeans", bits, data: train });
      const { accuracy, logLoss } = evaluate(small, test, { latencyRows: 0 });
      const bytes = Math.min(...[4, 6, 8, 10].map((width) => deepBytes(small, width)));
      files.push({
        peer: "deep compression",
        settings: `${keep} weights, ${bits} bits`,
        bytes,
        accuracy,
        logLoss,
      });
    }
  }
  return files;
}
