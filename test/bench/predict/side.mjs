// One side of bench:predict in a process of its own: side.mjs NAME FOLDER prints one JSON object.
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [name, folder] = process.argv.slice(2);
const { rows, columns, classes, dense, library } = JSON.parse(
  readFileSync(join(folder, "meta.json"), "utf8"),
);
const require = createRequire(join(folder, "..", "package.json"));
const read = (file, Type) => {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, file));
  return new Type(buffer.slice(byteOffset, byteOffset + byteLength));
};
const values = read("values.f32", Float32Array);
const pointers = dense ? null : read("pointers.u32", Uint32Array);
const indices = dense ? null : read("indices.u32", Uint32Array);

const sides = {
  logitpress: () => own("rows"),
  within: () => own("within"),
  "in-place": () => own("in-place"),
  async javascript() {
    const start = clock();
    const predict = require(join(folder, "model.cjs"));
    const loaded = clock() - start;
    const list = Array.from({ length: rows }, (_, i) =>
      dense
        ? values.subarray(i * columns, (i + 1) * columns)
        : {
            indices: indices.subarray(pointers[i], pointers[i + 1]),
            values: values.subarray(pointers[i], pointers[i + 1]),
          },
    );
    return { loaded, file: "model.cjs", one: (i) => predict(list[i]) };
  },
  "onnxruntime-node": () => onnx(require("onnxruntime-node")),
  async "onnxruntime-web"() {
    const runtime = require("onnxruntime-web");
    runtime.env.wasm.numThreads = 1;
    return onnx(runtime);
  },
};

/**
 * Our own side. Sparse rows lie before the clock runs as they do for the other sides, each in arrays of its own; `within`: all of them
 * in two arrays; `in-place`: in the predictor's memory.
 */
async function own(where) {
  const { load, DenseMatrix, SparseMatrix } = createRequire(import.meta.url)(
    join(library, "src", "index.js"),
  );
  const start = clock();
  const model = await load(join(folder, "model.logit"));
  const predictor = model.predictor();
  const loaded = clock() - start;
  const held = where === "in-place" ? predictor.allocate(indices.length) : { indices, values };
  if (where === "in-place") {
    held.indices.set(indices);
    held.values.set(values);
  }
  const parts = (array) =>
    Array.from({ length: rows }, (_, i) =>
      dense ? array.subarray(i * columns, (i + 1) * columns) : array.subarray(pointers[i], pointers[i + 1]),
    );
  const ownValues = parts(values);
  const ownIndices = dense ? [] : parts(indices);
  const matrix = dense
    ? new DenseMatrix(rows, columns, values)
    : new SparseMatrix(rows, columns, pointers, indices, values);
  const sparse =
    where === "rows"
      ? (i) => predictor.predictSparse(ownIndices[i], ownValues[i])
      : (i) => predictor.predictSparse(held.indices, held.values, pointers[i], pointers[i + 1]);
  return {
    loaded,
    file: "model.logit",
    one: dense ? (i) => predictor.predict(ownValues[i]) : sparse,
    all: where === "rows" ? () => model.predictProba(matrix) : undefined,
  };
}

async function onnx(runtime) {
  const bytes = new Uint8Array(readFileSync(join(folder, "model.onnx")));
  const start = clock();
  const options = {
    executionProviders: [name.endsWith("web") ? "wasm" : "cpu"],
    intraOpNumThreads: 1,
    graphOptimizationLevel: "all",
  };
  const session = await runtime.InferenceSession.create(bytes, options);
  const loaded = clock() - start;
  const { Tensor } = runtime;
  const feeds = Array.from({ length: rows }, (_, i) => {
    if (dense)
      return { features: new Tensor("float32", values.slice(i * columns, (i + 1) * columns), [1, columns]) };
    const [from, to] = [pointers[i], pointers[i + 1]];
    return {
      indices: new Tensor("int64", BigInt64Array.from(indices.subarray(from, to), BigInt), [1, to - from]),
      values: new Tensor("float32", values.slice(from, to), [1, to - from]),
    };
  });
  const whole = dense
    ? { features: new Tensor("float32", values.slice(0, rows * columns), [rows, columns]) }
    : null;
  return {
    loaded,
    file: "model.onnx",
    one: (i) => session.run(feeds[i]),
    // A padded batch of rows of such different lengths would be mostly zeros.
    all: whole === null ? undefined : () => session.run(whole),
  };
}

const before = memory();
const { loaded, file, one, all } = await sides[name]();
const row = await timed(rows, async () => {
  // What is no promise is not awaited, since that alone takes a tenth of a microsecond.
  for (let i = 0; i < rows; i++) {
    const said = one(i);
    if (said instanceof Promise) await said;
  }
});
const batch = all === undefined ? undefined : await timed(rows, async () => void (await all()));
console.log(
  JSON.stringify({
    row,
    batch,
    load: loaded,
    bytes: statSync(join(folder, file)).size,
    memory: (memory() - before) / 2 ** 20,
    classes,
  }),
);
process.exit(0);

/** Microseconds of processor time a row: the median of laps that take a fifth of a second together. */
async function timed(count, run) {
  for (let k = 0; k < 3; k++) await run();
  const times = [];
  for (let spent = 0; times.length < 5 || spent < 200_000; ) {
    const start = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(start);
    spent += user + system;
    times.push((user + system) / count);
  }
  return times.sort((x, y) => x - y)[times.length >> 1];
}

/** Milliseconds of processor time since the start of the process. */
function clock() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function memory() {
  globalThis.gc();
  return process.memoryUsage.rss();
}
