// What the quantization half of the benchmark tries.

/** What `quantize` does where few bits, data and a refit are given, and what it is compared with. */
export function recipesAt(bits) {
  const weighed = { method: "kmeans", bits, repair: true, importances: "hessian" };
  return [
    { method: "kmeans", bits, rounding: "nearest", repair: true },
    { ...weighed, rounding: "compensated" },
    { ...weighed, rounding: "descent", leastGain: 0 },
    { ...weighed, rounding: "descent" },
    { ...weighed, rounding: "descent", granularity: "model" },
  ];
}

/** What is tried at each number of bits. */
export function variantsAt(bits) {
  const all = ["uniform", "kmeans", "quantile", "powerOfTwo"].flatMap((method) => [
    { method, bits, rounding: "nearest", repair: false },
    { method, bits, rounding: "nearest", repair: true },
    { method, bits, rounding: "compensated", repair: true },
  ]);
  const weighed = { method: "kmeans", bits, rounding: "nearest", repair: true, importances: "hessian" };
  const rest = [
    weighed,
    { ...weighed, rounding: "compensated" },
    { ...weighed, importances: "equal", granularity: "class" },
    { ...weighed, rounding: "descent" },
    { ...weighed, rounding: "descent", granularity: "model" },
  ];
  if (bits === 1) {
    for (const method of ["ternary", "binary"]) rest.push({ method, rounding: "nearest", repair: true });
    rest.push({ method: "ternary", rounding: "compensated", repair: true });
  }
  if (bits > 1) rest.push({ method: "entropy", bits, rounding: "nearest", repair: true });
  return [...all, ...rest];
}
