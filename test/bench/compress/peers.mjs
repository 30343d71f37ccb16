// Runs the Python peers on the same rows.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPeers, kept, python } from "../train/data.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * The files that the peers made of the training rows, each judged on the test rows; they run side by side, since nothing of them is
 * timed.
 * @param seconds that each may take
 * @returns for each peer its files, and whether it was stopped before it had made all
 */
export async function peerFiles({ train, test }, seconds) {
  installPeers();
  mkdirSync(kept, { recursive: true });
  const folder = mkdtempSync(join(kept, "compress-"));
  write(folder, "train", train);
  write(folder, "test", test);
  const scripts = [["scikit-learn L1, refit, npz", "peers.py", folder]];
  if (train.features.kind === "csr")
    scripts.push(["fastText quantize", "fasttext-peers.py", folder, fastText()]);
  const found = await Promise.all(scripts.map((script) => filesOf(script, seconds)));
  rmSync(folder, { recursive: true });
  return found;
}

function filesOf([peer, script, ...args], seconds) {
  const child = spawn(python, [join(here, script), ...args], { timeout: 1000 * seconds });
  let [told, complaint] = ["", ""];
  child.stdout.on("data", (text) => {
    told += text;
  });
  child.stderr.on("data", (text) => {
    complaint += text;
  });
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.log(`    ${script}: ${error.message}`);
      resolve({ peer, files: [], stopped: true });
    });
    child.on("close", (code, signal) => {
      const lines = told.split("\n").filter((line) => line.endsWith("}"));
      if (signal !== null)
        console.log(`    ${script}: stopped after ${seconds} s with ${lines.length} files`);
      else if (code !== 0) console.log(`    ${script}: ${complaint.trim().split("\n").at(-1)}`);
      resolve({ peer, files: lines.map((line) => JSON.parse(line)), stopped: code !== 0 });
    });
  });
}

/** Its folder, outside the environment of the others, since none but this table wants it. */
function fastText() {
  const folder = join(kept, "fasttext");
  if (existsSync(join(folder, "fasttext"))) return folder;
  spawnSync(
    python,
    ["-m", "pip", "install", "-q", "--no-deps", "--target", folder, "fasttext-wheel==0.9.2"],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  return folder;
}

function write(folder, name, { features, labels }) {
  const { pointers, indices, values } = sparse(features);
  const bytes = (view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  writeFileSync(
    join(folder, `${name}.json`),
    JSON.stringify({ rows: features.rows, columns: features.columns }),
  );
  for (const [part, view] of Object.entries({ pointers, indices, values, labels })) {
    writeFileSync(join(folder, `${name}.${part}`), bytes(view));
  }
}

function sparse(features) {
  if (features.kind === "csr") {
    const { pointers, indices } = features;
    return { pointers, indices, values: features.values ?? new Float32Array(indices.length).fill(1) };
  }
  const { rows, columns, values } = features;
  return {
    pointers: Uint32Array.from({ length: rows + 1 }, (_, i) => i * columns),
    indices: Uint32Array.from({ length: rows * columns }, (_, at) => at % columns),
    values,
  };
}
