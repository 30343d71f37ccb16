#!/usr/bin/env node
// Runs before anything is installed: plain JavaScript, Node's own modules only.
import { spawnSync } from "node:child_process";
import { buildProject } from "./build.mjs";
import { installDeno } from "./deno.mjs";
import { installPackages } from "./packages.mjs";
import { findPython, makePython } from "./python.mjs";
import { checkNode, root, run, Stop } from "./run.mjs";
import { runSparkTests } from "./spark.mjs";
import { runTests } from "./tests.mjs";

const rest = process.argv.slice(3);
const tasks = { start, lab, test, build, spark };

try {
  const task = tasks[process.argv[2]];
  if (task === undefined)
    throw new Stop(`unknown task: ${process.argv[2]}; expected ${Object.keys(tasks).join(", ")}`);
  checkNode();
  process.exitCode = task();
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  console.error(`logitpress: ${error.message}`);
  process.exitCode = 1;
}

/** Runs the quickstart notebook, prints its comparison table and writes the report. */
function start() {
  const python = prepare("notebook");
  const code = logitpress(python, ["run", "notebooks/01-quickstart.ipynb", ...rest]);
  if (code === 0)
    console.log("\nThe report: reports/quickstart.html. The notebook, to run and change: npm run lab");
  return code;
}

/** Opens JupyterLab on the notebooks. */
function lab() {
  const python = prepare("notebook");
  const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
  const args = [
    "-m",
    "jupyter",
    "lab",
    "--notebook-dir=notebooks",
    "--ServerApp.ip=127.0.0.1",
    ...asRoot,
    ...rest,
  ];
  return spawnSync(python, args, { cwd: root, stdio: "inherit" }).status ?? 1;
}

/** Checks format, lint and types, then runs every test, or those of the folders or files named. */
function test() {
  const python = prepare("test");
  installDeno();
  run(process.execPath, ["node_modules/@biomejs/biome/bin/biome", "check", "."], "Checking format and lint");
  return runTests(python, rest);
}

/** Runs the tests on a cluster of Spark, or those of the files named. */
function spark() {
  prepare("test");
  return runSparkTests(findPython(), rest);
}

function build() {
  installPackages();
  buildProject();
  return 0;
}

/** Brings packages, build, Python environment and kernel up to date; what is there already is reused. */
function prepare(purpose) {
  const base = findPython();
  installPackages();
  const stamp = buildProject();
  return makePython(base, purpose, stamp);
}

function logitpress(python, args) {
  const env = { ...process.env, LOGITPRESS_PYTHON: python };
  return (
    spawnSync(process.execPath, ["dist/src/cli/main.js", ...args], { cwd: root, stdio: "inherit", env })
      .status ?? 1
  );
}
