// The peers of the pruning half: scikit-learn's L1, and magnitude pruning by TensorFlow Model Optimization and by torch, on the same rows.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPeers, kept, python } from "../train/data.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const windows = process.platform === "win32";
/** Seconds of the clock that a peer may take for a data set. */
const limit = 1200;

/**
 * What each peer makes of a model at so many weights: { name, results }, a result `null` where it has none.
 * tfmot and torch train on dense rows alone, so that they are left out of sparse data. @param wanted matches scikit-learn, tfmot, torch
 */
export function pruningPeers(model, keeps, parts, wanted) {
  installPeers();
  const folder = mkdtempSync(join(tmpdir(), "logitpress-bench-"));
  try {
    for (const [name, rows] of Object.entries(parts)) writeRows(join(folder, name), rows);
    const found = wanted.test("scikit-learn") ? run(python, "pruning-peers.py", folder, keeps) : [];
    const trained = parts.train.features.kind === "dense" ? ["tfmot", "torch"] : [];
    for (const name of trained.filter((one) => wanted.test(one))) {
      const interpreter = name === "tfmot" ? tensorFlowPython() : torchPython();
      if (interpreter === null) continue;
      writeStart(folder, model);
      found.push(...run(interpreter, `${name}-peers.py`, folder, keeps, String(model.lambda)));
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(interpreter, script, folder, keeps, ...rest) {
  const { stdout, status, stderr } = spawnSync(
    interpreter,
    [join(here, script), folder, keeps.join(","), ...rest],
    { encoding: "utf8", timeout: 1000 * limit },
  );
  if (status === 0) return JSON.parse(stdout.split("\n").at(-1));
  console.error(`  ${script}: ${stderr?.split("\n").at(-2) || `not done in ${limit} s`}`);
  return [];
}

/** Compressed rows in the scale in which weights are penalised, since the peers know no other. */
function writeRows(path, { features, labels, scale, rows, columns, classes }) {
  const dense = features.kind === "dense";
  const values =
    features.values === null ? new Float32Array(features.nonzeros).fill(1) : features.values.slice();
  if (scale !== null) {
    for (let e = 0; e < values.length; e++) values[e] *= scale[dense ? e % columns : features.indices[e]];
  }
  writeFileSync(`${path}.json`, JSON.stringify({ rows, columns, dense, classes: classes.length }));
  writeFileSync(`${path}.values`, values);
  writeFileSync(`${path}.labels`, labels);
  if (dense) return;
  writeFileSync(`${path}.pointers`, features.pointers);
  writeFileSync(`${path}.indices`, features.indices);
}

/** The float model's weights in the same scale. */
function writeStart(folder, { weights, intercepts, scale, outputs }) {
  const scaled = weights.map((w, at) => (scale === null ? w : w / scale[Math.floor(at / outputs)]));
  writeFileSync(join(folder, "start.weights"), scaled);
  writeFileSync(join(folder, "start.intercepts"), intercepts);
}

/** The Python of an environment with TensorFlow, 1.7 GB, installed when first needed; `null` where that can't be had. */
function tensorFlowPython() {
  const folder = join(kept, "venv-tfmot");
  const interpreter = join(folder, windows ? "Scripts/python.exe" : "bin/python");
  const list = join(here, "requirements-tfmot.txt");
  const wanted = readFileSync(list, "utf8");
  const stamp = join(folder, "installed.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return interpreter;
  mkdirSync(kept, { recursive: true });
  const base = process.env.LOGITPRESS_PYTHON ?? (windows ? "python" : "python3");
  const steps = [
    [base, ["-m", "venv", folder]],
    // What tfmot asks for of NumPy is older than what TensorFlow asks for; it works with the latter.
    [interpreter, ["-m", "pip", "install", "-q", "--no-deps", "-r", list]],
  ];
  for (const [command, given] of steps) {
    if (spawnSync(command, given, { stdio: ["ignore", "ignore", "inherit"] }).status === 0) continue;
    console.error("  TensorFlow does not install here: tfmot is left out");
    return null;
  }
  writeFileSync(stamp, wanted);
  return interpreter;
}

/**
 * A Python that has torch, `null` where there is none: PyPI's needs gigabytes of CUDA, so it is not installed here. LOGITPRESS_TORCH names
 * one, such as /usr/bin/python3 of Debian with its package python3-torch.
 */
function torchPython() {
  const interpreter = process.env.LOGITPRESS_TORCH ?? (windows ? "python" : "python3");
  if (spawnSync(interpreter, ["-c", "import torch"], { stdio: "ignore" }).status === 0) return interpreter;
  console.error(`  ${interpreter} has no torch, LOGITPRESS_TORCH names another: torch is left out`);
  return null;
}
