#!/usr/bin/env node
// npm run bench:kernel [-- --runs N]: this kernel beside tslab, deno and ipykernel, in one go.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const peers = join(root, "test", "bench", ".peers");
const windows = process.platform === "win32";
const python = join(root, ".venv", windows ? "Scripts/python.exe" : "bin/python");
const denoVersion = "2.9.6";

const { values } = parseArgs({ options: { runs: { type: "string", default: "7" } } });
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`invalid runs: ${values.runs}; expected 1 or more`);

installDeno();
const own = JSON.parse(
  readFileSync(join(root, ".venv", "share", "jupyter", "kernels", "logitpress", "kernel.json"), "utf8"),
);
const kernels = {
  logitpress: { argv: own.argv, language: "typescript" },
  tslab: {
    argv: [
      process.execPath,
      join(root, "node_modules/tslab/bin/tslab"),
      "kernel",
      "--config-path={connection_file}",
    ],
    language: "typescript",
  },
  deno: {
    argv: [join(peers, "node_modules", ".bin", "deno"), "jupyter", "--kernel", "--conn", "{connection_file}"],
    language: "typescript",
  },
  ipykernel: {
    argv: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    language: "python",
  },
};
const input = join(peers, "kernels.json");
const output = join(peers, "measured.json");
writeFileSync(input, JSON.stringify(kernels));
const script = join(root, "test/bench/kernel/measure.py");
const { status } = spawnSync(python, [script, String(runs), input, output], {
  stdio: ["ignore", "inherit", "inherit"],
  env: { ...process.env, DENO_NO_UPDATE_CHECK: "1" },
});
if (status !== 0) process.exit(status ?? 1);
report(JSON.parse(readFileSync(output, "utf8")));

function installDeno() {
  if (existsSync(join(peers, "node_modules", "deno"))) return;
  mkdirSync(peers, { recursive: true });
  writeFileSync(join(peers, "package.json"), "{}");
  const args = ["install", "--prefix", peers, `deno@${denoVersion}`];
  const { status, stderr } = spawnSync("npm", args, { encoding: "utf8", shell: windows });
  if (status !== 0) throw new Error(`deno ${denoVersion} can't be installed: ${stderr}`);
}

/** A table in Markdown: median, least and most of each figure, and the ratio of medians to ours. */
function report({ results, faults }) {
  const names = Object.keys(results);
  const figures = Object.keys(results.logitpress[0]);
  console.log(
    `\nMedian of ${runs} runs, least to most in brackets; the factor is the median over that of logitpress.\n`,
  );
  console.log(`| | ${names.join(" | ")} |\n|---|${names.map(() => "---:").join("|")}|`);
  for (const figure of figures) {
    const ours = median(results.logitpress.map((run) => run[figure]));
    const cells = names.map((name) => {
      const numbers = results[name].map((run) => run[figure]);
      if (numbers.length === 0) return "failed";
      const middle = median(numbers);
      const factor = name === "logitpress" ? "" : `, ${shown(middle / ours)}x`;
      return `${shown(middle)} [${shown(Math.min(...numbers))}-${shown(Math.max(...numbers))}]${factor}`;
    });
    console.log(`| ${figure} | ${cells.join(" | ")} |`);
  }
  for (const [name, fault] of Object.entries(faults)) console.log(`\n${name}: ${fault}`);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function shown(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}
