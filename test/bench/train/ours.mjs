// Our side: fits through the public interface, in a process of its own. ours.mjs DATA; see side.mjs.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { datasetOf, libraryOf } from "./data.mjs";

const began = performance.now();
const library = libraryOf();
const loaded = performance.now();
const free = datasetOf(process.argv[2], library);
let withOnes;

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = await fit(request);
  } catch (error) {
    const unknown = ["unknown-option", "invalid-option", "not-offered"].includes(error.code);
    answer = unknown ? { absent: error.message } : { failed: `${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

/** One fit or path: seconds from the call to the answer, and the weights in a file. */
async function fit({ penalty, link, lambdas, tolerance, threads, intercept, path, out, memory }) {
  const data = intercept === "penalised" ? ones() : free;
  const options = {
    ...(penalty === "l2" ? {} : { penalty }),
    ...(link === "binary" ? {} : { multiclass: link }),
    ...(threads === undefined ? {} : { threads }),
    tolerance,
    ...(intercept === "free" ? {} : { fitIntercept: false }),
    maxIterations: 10_000,
  };
  const before = memory ? residentPeak(true) : 0;
  const start = performance.now();
  const fitted = path
    ? await pathOf(data, lambdas, options)
    : await new library.LogisticRegression({ ...options, lambda: lambdas[0] }).fit(data);
  const seconds = (performance.now() - start) / 1000;
  const models = path ? fitted.steps.map((step) => step.model) : [fitted];
  if (models.length !== lambdas.length) throw new Error(`${models.length} models of ${lambdas.length}`);
  const peak = memory ? residentPeak(false) : 0;
  const table = Buffer.concat(models.map((model) => bytesOf(tableOf(model, intercept))));
  writeFileSync(out, table);
  const reports = models.map((model) => model.fit);
  return {
    seconds,
    load: (loaded - began) / 1000,
    solver: reports.every((report) => report.seconds !== undefined)
      ? reports.reduce((sum, report) => sum + report.seconds, 0)
      : null,
    name: reports[0].solver,
    iterations: reports.reduce((sum, report) => sum + report.iterations, 0),
    objectives: reports.map((report) => report.objective),
    gaps: reports.map((report) => report.dualityGap),
    converged: reports.every((report) => report.converged),
    ...(memory ? { grew: peak - before, bytes: bytesOfData(data) } : {}),
  };
}

async function pathOf(data, lambdas, options) {
  if (typeof library.regularizationPath !== "function") {
    throw Object.assign(new Error("regularizationPath"), { code: "not-offered" });
  }
  return await library.regularizationPath(data, { ...options, lambdas, earlyStop: false });
}

/** Weights and intercepts in one table; the weight of the column of ones is the intercept where it is penalised. */
function tableOf({ weights, intercepts, columns = free.columns }, intercept) {
  const K = intercepts.length;
  const table = new Float64Array(columns * K + K);
  table.set(weights.subarray(0, columns * K + (intercept === "penalised" ? K : 0)));
  if (intercept === "free") table.set(intercepts, columns * K);
  return table;
}

function bytesOf({ buffer, byteOffset, byteLength }) {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The data with a column of ones behind the others. */
function ones() {
  withOnes ??= library.Dataset.from({ features: extended(free.features), labels: free.labels });
  return withOnes;
}

function extended({ kind, rows, columns, pointers, indices, values }) {
  if (kind === "dense") {
    const wider = new Float32Array(rows * (columns + 1)).fill(1);
    for (let i = 0; i < rows; i++)
      wider.set(values.subarray(i * columns, (i + 1) * columns), i * (columns + 1));
    return new library.DenseMatrix(rows, columns + 1, wider);
  }
  const starts = pointers.map((p, i) => p + i);
  const places = new Uint32Array(indices.length + rows).fill(columns);
  const numbers = values === null ? null : new Float32Array(places.length).fill(1);
  for (let i = 0; i < rows; i++) {
    places.set(indices.subarray(pointers[i], pointers[i + 1]), starts[i]);
    numbers?.set(values.subarray(pointers[i], pointers[i + 1]), starts[i]);
  }
  return new library.SparseMatrix(rows, columns + 1, starts, places, numbers);
}

function bytesOfData({ features: { pointers, indices, values } }) {
  return [pointers, indices, values].reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}

/** The most bytes that the process had resident, since the start or the last reset; NaN where Linux can't say. */
function residentPeak(reset) {
  try {
    if (reset) {
      global.gc?.();
      writeFileSync("/proc/self/clear_refs", "5");
    }
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
  } catch {
    return Number.NaN;
  }
}
