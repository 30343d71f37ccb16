// ONNX Runtime's int8 and 4-bit files of the uncompressed model, in a Python environment of their own.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { kept } from "../train/data.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const windows = process.platform === "win32";

/** Each column has its bytes in such a file, zeros too: of more columns than this none is near any budget. */
const mostColumns = 50_000;

/** The files that ONNX Runtime makes of a model, each judged on the test rows; `null` for a model of too many columns. */
export function onnxFiles(model, parts) {
  if (model.features > mostColumns) return null;
  return onnxMargins(model, parts)
    .filter(({ failed }) => failed === undefined)
    .map(({ name, bytes, margins }) => {
      return {
        peer: "ONNX Runtime",
        settings: name,
        bytes,
        ...qualityOf(margins, model.outputs, parts.test),
      };
    });
}

/** What ONNX Runtime makes of a model: its bytes and its margins of the test rows, or why it failed. */
export function onnxMargins(model, { train, test }) {
  const python = pythonWithOnnx();
  if (python === null) return [];
  mkdirSync(kept, { recursive: true });
  const folder = mkdtempSync(join(kept, "onnx-"));
  try {
    write(folder, "weights.f32", Float32Array.from(model.weights));
    write(folder, "intercepts.f32", Float32Array.from(model.intercepts));
    const calibration = train.take(Uint32Array.from({ length: Math.min(256, train.rows) }, (_, i) => i));
    writeRows(folder, "calibration", calibration.features);
    writeRows(folder, "test", test.features);
    const meta = {
      columns: model.features,
      outputs: model.outputs,
      calibration: calibration.rows,
      test: test.rows,
    };
    writeFileSync(join(folder, "meta.json"), JSON.stringify(meta));
    const { status, stdout, stderr } = spawnSync(python, [join(here, "onnx-peers.py"), folder], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`onnx-peers.py failed\n${stderr}`);
    return JSON.parse(stdout).map(({ file, ...one }) => {
      if (one.failed !== undefined) return one;
      const { buffer, byteOffset, length } = readFileSync(join(folder, file));
      return { ...one, margins: new Float32Array(buffer, byteOffset, length / 4) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function qualityOf(margins, outputs, { rows, labels }) {
  let right = 0;
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    const row = outputs === 1 ? [0, margins[i]] : [...margins.subarray(i * outputs, (i + 1) * outputs)];
    const top = Math.max(...row);
    loss += top + Math.log(row.reduce((sum, m) => sum + Math.exp(m - top), 0)) - row[labels[i]];
    right += Number(row.indexOf(top) === labels[i]);
  }
  return { accuracy: right / rows, logLoss: loss / rows };
}

function write(folder, name, values) {
  writeFileSync(join(folder, name), Buffer.from(values.buffer, values.byteOffset, values.byteLength));
}

function writeRows(folder, name, features) {
  if (features.kind === "csr") {
    write(folder, `${name}.pointers.u32`, features.pointers);
    write(folder, `${name}.indices.u32`, features.indices);
  }
  if (features.values !== null) write(folder, `${name}.values.f32`, features.values);
}

/** The Python of an environment with ONNX Runtime, installed when first needed; `null` where that can't be had. */
function pythonWithOnnx() {
  const folder = join(kept, "venv-onnx");
  const python = join(folder, windows ? "Scripts/python.exe" : "bin/python");
  const list = join(here, "requirements.txt");
  const wanted = readFileSync(list, "utf8");
  const stamp = join(folder, "installed.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return python;
  mkdirSync(kept, { recursive: true });
  const steps = [
    [process.env.LOGITPRESS_PYTHON ?? (windows ? "python" : "python3"), ["-m", "venv", folder]],
    [python, ["-m", "pip", "install", "-q", "--no-deps", "-r", list]],
  ];
  for (const [command, given] of steps) {
    if (spawnSync(command, given, { stdio: ["ignore", "ignore", "inherit"] }).status === 0) continue;
    console.error("  ONNX Runtime does not install here: it is left out");
    return null;
  }
  writeFileSync(stamp, wanted);
  return python;
}
