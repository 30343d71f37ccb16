#!/usr/bin/env node
// npm run bench:predict: one row and batches in process, load time, bytes and memory, beside onnxruntime-node, onnxruntime-web,
// scikit-learn, m2cgen's C and our own exports. The whole e-mails and the digits of bench:train; weights are random, none of them 0,
// since time depends on their number alone. Each side is a process of its own with one thread, and times are of its processor, since
// others may run here; sides take turns, round after round.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { arraysOf, installPeers, kept, libraryOf, python, root } from "../train/data.mjs";
import { buildC } from "./c.mjs";

if (process.argv.length > 2) {
  console.log(
    "npm run bench:predict takes no options; LOGITPRESS_ROUNDS is the number of rounds, default 5, LOGITPRESS_BENCH the folder of peers.",
  );
  process.exit(process.argv[2] === "--help" ? 0 : 2);
}

const here = fileURLToPath(new URL(".", import.meta.url));
const rounds = Number(process.env.LOGITPRESS_ROUNDS ?? 5);
const peers = join(kept, "predict");

installPeers();
run(python, ["-m", "pip", "install", "-q", "--no-deps", "-r", join(here, "requirements.txt")]);
installNodePeers();
const report = [];
for (const [name, most] of [["emails"], ["emails", 800], ["digits"]]) {
  report.push(measured(name, most));
  console.log(report.at(-1));
  writeFileSync(join(kept, "predict.md"), report.join("\n"));
}
process.exit(0);

/** @param most how many weights are other than 0; default all */
function measured(name, most) {
  const folder = join(peers, most === undefined ? name : `${name}-${most}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { columns, classes, dense, nonzeros } = writeInputs(name, folder, most);
  const node = (side) => [process.execPath, ["--expose-gc", join(here, "side.mjs"), side, folder]];
  const sides = {
    "logitpress, `.logit`": node("logitpress"),
    ...(dense
      ? {}
      : {
          "logitpress, rows within two arrays": node("within"),
          "logitpress, rows written in place": node("in-place"),
        }),
    "`toJavaScript`": [process.execPath, ["--expose-gc", join(here, "side.mjs"), "javascript", folder]],
    "`toOnnx` in onnxruntime-node": node("onnxruntime-node"),
    "`toOnnx` in onnxruntime-web": node("onnxruntime-web"),
    "scikit-learn": [python, [join(here, "side.py"), folder]],
    ...buildC(folder, { python, here, dense, columns, classes, most }),
  };
  const found = new Map(Object.keys(sides).map((side) => [side, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [side, [command, args]] of Object.entries(sides)) {
      const { status, stdout, stderr } = spawnSync(command, args, {
        encoding: "utf8",
        cwd: folder,
        env: { ...process.env, OMP_NUM_THREADS: "1", NODE_PATH: join(peers, "node_modules") },
      });
      if (status === 0) found.get(side).push(JSON.parse(stdout));
      else if (round === 0) console.error(`${name}, ${side}: ${stderr.trim().split("\n").at(-1)}`);
    }
  }
  const sidesFound = [...found].filter(([, list]) => list.length > 0);
  const lines = sidesFound.map(([side, list]) => lineOf(side, list, sidesFound[0][1]));
  return `${name}, ${dense ? "" : "sparse, "}${columns} columns, ${nonzeros} nonzeros a row, ${classes} classes${most === undefined ? "" : `, ${most} weights other than 0`}; processor time, median [least-most] of ${rounds} processes

| | one row, us (ratio to the first) | a batch, us a row | load, ms | file, bytes | memory, MB |
|---|---|---|---|---|---|
${lines.join("\n")}
`;
}

function lineOf(side, list, first) {
  const sorted = (of, key) =>
    of
      .map((one) => one[key])
      .filter((x) => x !== undefined && x !== null)
      .sort((a, b) => a - b);
  const cell = (key) => {
    const all = sorted(list, key);
    if (all.length === 0) return "-";
    const middle = all[all.length >> 1];
    const [mid, low, high] = [middle, all[0], all.at(-1)].map((x) => Number(x.toPrecision(3)));
    if (key === "bytes") return String(all[0]);
    const ours = sorted(first, key);
    const timed = (key === "row" || key === "batch") && list !== first && ours.length > 0;
    const ratio = timed ? ` (${Number((middle / ours[ours.length >> 1]).toPrecision(2))}x)` : "";
    return `${mid} [${low}-${high}]${ratio}`;
  };
  return `| ${side} | ${["row", "batch", "load", "bytes", "memory"].map(cell).join(" | ")} |`;
}

/** A model in every form, and 200 rows of the data. */
function writeInputs(name, folder, most) {
  const library = libraryOf();
  const data = arraysOf(name);
  const { columns, classes } = data;
  const rows = Math.min(data.rows, 200);
  const dense = data.kind === "dense";
  const outputs = classes === 2 ? 1 : classes;
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const used = most === undefined ? null : usedColumns(data, rows, most);
  const weights = Float64Array.from({ length: columns * outputs }, () => Math.fround(next()));
  if (used !== null) for (let j = 0; j < columns; j++) if (!used.has(j)) weights[j] = 0;
  const model = new library.StoredLinear(
    {
      classes: Array.from({ length: classes }, (_, k) => k),
      link: classes === 2 ? "binary" : "softmax",
      featureNames: { length: columns, at: (j) => `x${j}` },
      weights,
      intercepts: Float64Array.from({ length: outputs }, () => Math.fround(next())),
      scale: null,
    },
    "trained",
  );
  const to = dense ? rows * columns : data.pointers[rows];
  const bytes = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const write = (file, content) => writeFileSync(join(folder, file), content);
  write("values.f32", bytes(data.values.subarray(0, to)));
  if (!dense) {
    write("pointers.u32", bytes(data.pointers.subarray(0, rows + 1)));
    write("indices.u32", bytes(data.indices.subarray(0, to)));
  }
  write(
    "meta.json",
    JSON.stringify({
      rows,
      columns,
      classes,
      dense,
      library: process.env.LOGITPRESS_DIST ?? join(root, "dist"),
    }),
  );
  write("weights.f64", bytes(model.weights));
  if (used !== null) write("used.u32", bytes(Uint32Array.from([...used].sort((a, b) => a - b))));
  write("intercepts.f64", bytes(model.intercepts));
  write("model.logit", library.pack(model));
  write("model.cjs", library.toJavaScript(model).files[1].content);
  write("model.onnx", library.toOnnx(model).bytes);
  write("model.h", library.toC(model).text);
  const stored = data.values.subarray(0, to);
  const nonzeros = Math.round(stored.reduce((count, x) => count + Number(x !== 0), 0) / rows);
  return { columns, classes, dense, nonzeros };
}

/** Columns that the rows have, spread over all of these. */
function usedColumns({ indices, pointers }, rows, most) {
  const all = [...new Set(indices.subarray(0, pointers[rows]))].sort((a, b) => a - b);
  return new Set(Array.from({ length: most }, (_, k) => all[Math.floor((k * all.length) / most)]));
}

/** The peers of Node, in a folder of the benchmark's own. */
function installNodePeers() {
  mkdirSync(peers, { recursive: true });
  const wanted = readFileSync(join(here, "peers.json"), "utf8");
  const path = join(peers, "package.json");
  if (existsSync(join(peers, "node_modules")) && existsSync(path) && readFileSync(path, "utf8") === wanted)
    return;
  writeFileSync(path, wanted);
  // What the scripts of onnxruntime-node fetch is for CUDA.
  run("npm", ["install", "--prefix", peers, "--ignore-scripts", "--no-audit", "--no-fund"]);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `exit code ${status}`}`);
}
