// How the time and the memory of a fit grow with the data. growth.mjs [NONZEROS ...] [--values], by default 2.5e7 5e7 1e8 2e8 of ones.
// Each size is a process of its own: rows of 20 features of 1,000 levels, some frequent, labels by a hidden model, all by a seed.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { libraryOf } from "./data.mjs";

const features = 20;
const levels = 1000;
const penalties = { l2: { lambda: 1e-5 }, l1: { penalty: "l1", lambda: 1e-3 } };
const { values: options, positionals } = parseArgs({
  options: { values: { type: "boolean", default: false }, one: { type: "string" } },
  allowPositionals: true,
});

if (options.one !== undefined) await measure(Number(options.one));
else {
  const sizes = positionals.length > 0 ? positionals : ["2.5e7", "5e7", "1e8", "2e8"];
  for (const size of sizes) {
    const args = [fileURLToPath(import.meta.url), "--one", size, ...(options.values ? ["--values"] : [])];
    const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
    if (status !== 0) console.log(`${size}: exit code ${status}`);
  }
}

async function measure(nonzeros) {
  const library = libraryOf();
  const data = generated(library, Math.floor(nonzeros / features));
  const { pointers, indices, values } = data.features;
  const bytes = [pointers, indices, values].reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
  const made = peak();
  for (const [name, given] of Object.entries(penalties)) {
    const times = [];
    let model;
    for (let k = 0; k < 2; k++) {
      const [start, before] = [performance.now(), process.cpuUsage()];
      model = await new library.LogisticRegression(given).fit(data);
      const { user, system } = process.cpuUsage(before);
      times.push(`${seconds(performance.now() - start)} s (processor ${seconds((user + system) / 1000)})`);
    }
    const { solver, iterations, passes, converged, seconds: own } = model.fit;
    console.log(
      `${nonzeros.toExponential(1)} ${values === null ? "ones" : "values"}, ${name}: first ${times[0]}, next ${times[1]}, ` +
        `of which solver ${own.toFixed(2)}; ${solver}, ${iterations} iterations, ${passes} passes, ` +
        `${converged ? "converged" : "not converged"}; data ${mega(bytes)} MB, peak ${mega(made)} MB before, ${mega(peak())} MB after`,
    );
  }
}

/** Levels fall off as the cube of an even number, so that the most frequent has a tenth of the rows. */
function generated(library, rows) {
  const random = xorshift(20);
  const weights = Float64Array.from({ length: features * levels }, () => 2 * (random() + random() - 1));
  const pointers = Uint32Array.from({ length: rows + 1 }, (_, i) => features * i);
  const indices = new Uint32Array(features * rows);
  const values = options.values ? new Float32Array(features * rows) : null;
  const labels = new Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    let score = -1;
    for (let f = 0; f < features; f++, at++) {
      indices[at] = f * levels + Math.floor(levels * random() ** 3);
      if (values !== null) values[at] = 0.5 + random();
      score += weights[indices[at]] * (values === null ? 1 : values[at]);
    }
    labels[i] = random() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
  }
  const matrix = new library.SparseMatrix(rows, features * levels, pointers, indices, values);
  return library.Dataset.from({ features: matrix, labels });
}

/** Even numbers from 0 to 1 (Marsaglia, 2003). */
function xorshift(seed) {
  let x = Math.imul(seed, 0x9e3779b1) | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

function peak() {
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
}

function seconds(milliseconds) {
  return (milliseconds / 1000).toFixed(2);
}

function mega(bytes) {
  return Math.round(bytes / 2 ** 20);
}
