// Runs the Python peers on the same rows.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPeers, kept, python } from "../train/data.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** The files that the peers made of the training rows, each judged on the test rows. */
export function peerFiles({ train, test }, seconds) {
  installPeers();
  mkdirSync(kept, { recursive: true });
  const folder = mkdtempSync(join(kept, "compress-"));
  write(folder, "train", train);
  write(folder, "test", test);
  const files = [
    ...filesOf(["peers.py", folder], seconds),
    ...(train.features.kind === "csr" ? filesOf(["fasttext-peers.py", folder, fastText()], seconds) : []),
  ];
  rmSync(folder, { recursive: true });
  return files;
}

function filesOf([script, ...args], seconds) {
  const { stdout, stderr, status, error } = spawnSync(python, [join(here, script), ...args], {
    encoding: "utf8",
    timeout: 1000 * seconds,
    maxBuffer: 2 ** 26,
  });
  const lines = stdout.split("\n").filter((line) => line.endsWith("}"));
  if (error !== undefined) console.log(`  ${script}: stopped after ${seconds} s with ${lines.length} files`);
  else if (status !== 0) console.log(`  ${script}: ${stderr.trim().split("\n").at(-1)}`);
  return lines.map((line) => JSON.parse(line));
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
