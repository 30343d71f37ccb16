#!/usr/bin/env node
// Exact k-means in one dimension: its time, and its squared error beside that of Lloyd's iteration from several starts.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../train/data.mjs";

const dist = process.env.LOGITPRESS_DIST ?? join(root, "dist");
const { kmeansLevels } = createRequire(import.meta.url)(join(dist, "src", "quantize", "kmeans.js"));
const [size, count] = [1_000_000, 256];
/** Lloyd's iteration gives up after so many. */
const mostIterations = 1000;

/** Lines of Markdown on 10^6 normal values in 256 levels. @param runs how often they are timed */
export function clusterTimes(runs) {
  const uniform = randomOf(1);
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const values = Float64Array.from({ length: size }, normal);
  let levels;
  const times = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    const started = performance.now();
    levels = kmeansLevels(values, count, null);
    const clock = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    return { clock, processor: (user + system) / 1e6 };
  });
  const sorted = values.slice().sort();
  const sums = prefixSums(sorted);
  const exact = squaredError(sums, boundariesOf(sorted, levels));
  const share = (k) => (k + 0.5) / count;
  const starts = {
    "equal shares": (k) => sorted[Math.floor(share(k) * size)],
    "equal widths": (k) => sorted[0] + share(k) * (sorted[size - 1] - sorted[0]),
    "values drawn": () => sorted[Math.floor(uniform() * size)],
    "values drawn again": () => sorted[Math.floor(uniform() * size)],
  };
  return [
    `Exact k-means of 10^6 normal values in ${count} levels, ${runs} runs, seconds: by the clock ${summary(times.map(({ clock }) => clock))}; of the processor ${summary(times.map(({ processor }) => processor))}; squared error ${exact.toPrecision(8)}.`,
    "",
    "| Lloyd's iteration from | iterations | squared error over the exact one's |",
    "|---|---|---|",
    ...Object.entries(starts).map(([name, start]) => {
      const { iterations, error } = lloyd(
        sorted,
        sums,
        Float64Array.from({ length: count }, (_, k) => start(k)).sort(),
      );
      return `| ${name} | ${iterations} | ${(error / exact).toFixed(6)} |`;
    }),
  ];
}

function summary(seconds) {
  const ordered = seconds.toSorted((a, b) => a - b);
  const at = (share) => ordered[Math.round(share * (ordered.length - 1))].toFixed(2);
  return `${at(0.5)} (${at(0)} to ${at(1)})`;
}

/** Levels move to the means of what is nearest to them until none moves. */
function lloyd(sorted, sums, start) {
  let levels = start;
  let boundaries = boundariesOf(sorted, levels);
  for (let iterations = 1; iterations <= mostIterations; iterations++) {
    levels = levels.map((level, k) => {
      const [from, to] = [boundaries[k], boundaries[k + 1]];
      return to === from ? level : (sums.first[to] - sums.first[from]) / (to - from);
    });
    const next = boundariesOf(sorted, levels);
    if (next.every((at, k) => at === boundaries[k])) return { iterations, error: squaredError(sums, next) };
    boundaries = next;
  }
  return { iterations: `${mostIterations}, not done`, error: squaredError(sums, boundaries) };
}

/** Where in the sorted values each level's own begin; the last is their end. */
function boundariesOf(sorted, levels) {
  const inner = Array.from({ length: levels.length - 1 }, (_, k) => {
    const middle = (levels[k] + levels[k + 1]) / 2;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const at = (low + high) >> 1;
      if (sorted[at] <= middle) low = at + 1;
      else high = at;
    }
    return low;
  });
  return [0, ...inner, sorted.length];
}

/** The squared distances to the means of the runs between boundaries. */
function squaredError({ first, second }, boundaries) {
  let error = 0;
  for (let k = 0; k + 1 < boundaries.length; k++) {
    const [from, to] = [boundaries[k], boundaries[k + 1]];
    if (to > from) error += second[to] - second[from] - (first[to] - first[from]) ** 2 / (to - from);
  }
  return error;
}

function prefixSums(sorted) {
  const [first, second] = [new Float64Array(sorted.length + 1), new Float64Array(sorted.length + 1)];
  sorted.forEach((x, i) => {
    first[i + 1] = first[i] + x;
    second[i + 1] = second[i] + x * x;
  });
  return { first, second };
}

function randomOf(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log(clusterTimes(7).join("\n"));
