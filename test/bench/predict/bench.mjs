#!/usr/bin/env node
// npm run bench:predict: one row and batches in process, beside the JavaScript export, the C export (gcc) and scikit-learn.
// The whole e-mails and the digits of bench:train; weights are random where time does not depend on them.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { arraysOf, installPeers, kept, libraryOf, python } from "../train/data.mjs";

const library = libraryOf();
const rounds = 7;

/** Microseconds a call: median, least and most of the rounds. */
function timed(calls, run) {
  run();
  run();
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    run();
    return (1000 * (performance.now() - start)) / calls;
  }).sort((a, b) => a - b);
  return [times[rounds >> 1], times[0], times.at(-1)];
}

function tell(what, times) {
  const text = times.map((time) => Number(time.toPrecision(3)));
  console.log(`  ${what}: ${text[0]} [${text[1]}-${text[2]}]`);
}

function modelOf({ columns, classes }) {
  const outputs = classes === 2 ? 1 : classes;
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  return new library.StoredLinear(
    {
      classes: Array.from({ length: classes }, (_, k) => k),
      link: classes === 2 ? "binary" : "softmax",
      featureNames: { length: columns, at: (j) => `x${j}` },
      weights: Float64Array.from({ length: columns * outputs }, () => Math.fround(next())),
      intercepts: Float64Array.from({ length: outputs }, () => Math.fround(next())),
      scale: null,
    },
    "trained",
  );
}

for (const name of ["emails", "digits"]) {
  const data = arraysOf(name);
  const { rows, columns, pointers, indices, values } = data;
  const dense = data.kind === "dense";
  const features = dense
    ? new library.DenseMatrix(rows, columns, values)
    : new library.SparseMatrix(rows, columns, pointers, indices, values);
  const model = modelOf(data);
  console.log(`${name}, ${rows} x ${columns}, microseconds a row: median [least-most of ${rounds}]`);
  const predictor = model.predictor();
  const views = Array.from({ length: rows }, (_, i) =>
    dense ? values.subarray(i * columns, (i + 1) * columns) : i,
  );
  tell(
    "Predictor, row after row",
    timed(rows, () => {
      for (let i = 0; i < rows; i++) {
        if (dense) predictor.predict(views[i]);
        else predictor.predictSparse(indices, values, pointers[i], pointers[i + 1]);
      }
    }),
  );
  for (const threads of [1, 2]) {
    tell(
      `margins, a batch, ${threads} thread(s)`,
      timed(rows, () => model.margins(features, { threads })),
    );
  }
  tell(
    "predictProba, a batch",
    timed(rows, () => model.predictProba(features)),
  );
  const folder = mkdtempSync(join(kept, "predict-"));
  try {
    javascriptExport(model, data, folder);
    if (dense) cExport(model, data, folder);
    scikit(model, name, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
process.exit(0);

function javascriptExport(model, { kind, columns, pointers, indices, values }, folder) {
  const [, { content }] = library.toJavaScript(model).files;
  writeFileSync(join(folder, "model.cjs"), content);
  const start = performance.now();
  const predict = createRequire(import.meta.url)(join(folder, "model.cjs"));
  console.log(
    `  toJavaScript: ${content.length} bytes, loaded in ${(performance.now() - start).toFixed(1)} ms`,
  );
  const rows = Array.from({ length: 500 }, (_, i) =>
    kind === "dense"
      ? values.subarray(i * columns, (i + 1) * columns)
      : {
          indices: indices.subarray(pointers[i], pointers[i + 1]),
          values: values.subarray(pointers[i], pointers[i + 1]),
        },
  );
  tell(
    "toJavaScript, row after row",
    timed(500, () => {
      for (const row of rows) predict(row);
    }),
  );
}

function cExport(model, { columns, values }, folder) {
  const exported = library.toC(model, { name: "model" });
  writeFileSync(join(folder, "model.h"), exported.files[0].content);
  writeFileSync(
    join(folder, "rows.f32"),
    new Uint8Array(values.buffer, values.byteOffset, 4 * 1000 * columns),
  );
  writeFileSync(
    join(folder, "main.c"),
    `#include <stdio.h>\n#include <stdlib.h>\n#include <time.h>\n#include <string.h>\n#include "model.h"\nstatic float x[1000*${columns}];
int main(void){FILE*f=fopen("rows.f32","rb");size_t n=fread(x,4,1000*${columns},f);if(n!=1000*${columns})return 1;
model_row*r=malloc(1000*sizeof*r);double*p=(double*)r;if(sizeof*r!=8*${columns})return 2;for(size_t i=0;i<n;i++)p[i]=x[i];
volatile int sink=0;for(int t=0;t<${rounds + 2};t++){struct timespec a,b;clock_gettime(CLOCK_MONOTONIC,&a);
for(int i=0;i<1000;i++)sink+=model_predict(&r[i]);clock_gettime(CLOCK_MONOTONIC,&b);
printf("%f\\n",((b.tv_sec-a.tv_sec)*1e6+(b.tv_nsec-a.tv_nsec)*1e-3)/1000);}return 0;}`,
  );
  const built = spawnSync("gcc", ["-O3", "-o", "main", "main.c", "-lm"], { cwd: folder, encoding: "utf8" });
  if (built.status !== 0)
    return console.log(`  toC: not measured: ${(built.stderr ?? "no gcc").split("\n")[0]}`);
  const { status, stdout } = spawnSync("./main", { cwd: folder, encoding: "utf8" });
  if (status !== 0) return console.log(`  toC: not measured: exit ${status}`);
  const times = stdout
    .trim()
    .split("\n")
    .slice(2)
    .map(Number)
    .sort((a, b) => a - b);
  tell("toC, gcc -O3, row after row", [times[times.length >> 1], times[0], times.at(-1)]);
}

function scikit(model, name, folder) {
  installPeers();
  mkdirSync(kept, { recursive: true });
  writeFileSync(join(folder, "weights.f64"), new Uint8Array(model.weights.buffer));
  const script = `
import sys, time, numpy as np, scipy.sparse as sp, json
from sklearn.linear_model import LogisticRegression
d, folder, rounds = sys.argv[1], sys.argv[2], ${rounds}
meta = json.load(open(d + "/meta.json")); n, m, c = meta["rows"], meta["columns"], meta["classes"]
v = np.fromfile(d + "/values.f32", np.float32)
X = v.reshape(n, m) if meta["kind"] == "dense" else sp.csr_matrix((v, np.fromfile(d + "/indices.u32", np.uint32).astype(np.int32), np.fromfile(d + "/pointers.u32", np.uint32).astype(np.int32)), (n, m))
w = np.fromfile(folder + "/weights.f64")
e = LogisticRegression(); e.classes_ = np.arange(c); k = 1 if c == 2 else c
e.coef_ = np.ascontiguousarray(w.reshape(m, k).T); e.intercept_ = np.zeros(k); e.n_features_in_ = m
def timed(calls, run):
    run(); t = []
    for _ in range(rounds):
        s = time.perf_counter(); run(); t.append((time.perf_counter() - s) / calls * 1e6)
    return sorted(t)
rows = [X[i:i+1] for i in range(100)]
for what, t in (("row after row", timed(100, lambda: [e.predict_proba(r) for r in rows])), ("a batch", timed(n, lambda: e.predict_proba(X)))):
    print("  scikit-learn predict_proba, %s: %.3g [%.3g-%.3g]" % (what, t[rounds // 2], t[0], t[-1]))
`;
  console.log(
    execFileSync(python, ["-c", script, join(kept, "data", name), folder], { encoding: "utf8" }).trimEnd(),
  );
}
