import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
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
  const env = {
    ...process.env,
    LOGITPRESS_SPARK_PYTHON: join(root, folder, "bin/python"),
    // Most of the time of a cluster that lives for minutes goes to compiling Java: the first compiler alone saves a third.
    JAVA_TOOL_OPTIONS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
  };
  const args = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files];
  const tests = () => spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env }).status ?? 1;
  return process.env.LOGITPRESS_SPARK_FOLDER === undefined ? withCluster(env, tests) : tests();
}

/** Gives tests a folder for one cluster, which is ended after them, also where they are interrupted. */
function withCluster(env, work) {
  const own = mkdtempSync(join(tmpdir(), "logitpress-spark-"));
  env.LOGITPRESS_SPARK_FOLDER = own;
  const wait = () => {};
  process.on("SIGINT", wait);
  try {
    return work();
  } finally {
    const down = ["dist/src/cli/main.js", "spark", "down", "--folder", own];
    spawnSync(process.execPath, down, { cwd: root, stdio: "ignore", env });
    rmSync(own, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    process.off("SIGINT", wait);
  }
}
