import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { hashOf, once, root, run } from "./run.mjs";

const folder = ".bench/spark";
const version = "4.3.0";

/** Runs the tests that need a cluster, which they start and stop on this machine; pyspark (460 MB) is installed for them alone. */
export function runSparkTests(base, names) {
  once(`${folder}/.logitpress`, hashOf(base.version, version), () => {
    run(base.command, ["-m", "venv", folder], "Making a Python environment for Spark");
    const python = join(root, folder, "bin/python");
    const quiet = ["-m", "pip", "install", "--disable-pip-version-check", "-q"];
    run(python, [...quiet, `pyspark==${version}`], "Installing pyspark");
  });
  const files = readdirSync(join(root, "dist/test"), { recursive: true })
    .map((file) => join("dist/test", file))
    .filter((file) => file.endsWith(".spark.js"))
    .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
    .sort();
  const env = { ...process.env, LOGITPRESS_SPARK_PYTHON: join(root, folder, "bin/python") };
  const args = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files];
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env }).status ?? 1;
}
