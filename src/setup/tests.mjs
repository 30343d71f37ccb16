import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root, Stop } from "./run.mjs";

/** Runs the compiled tests, all or those whose path holds one of `names`, with Node's own runner. */
export function runTests(python, names) {
  const files = readdirSync(join(root, "dist/test"), { recursive: true })
    .map((file) => join("dist/test", file))
    .filter((file) => file.endsWith(".test.js"))
    .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
    .sort();
  if (files.length === 0)
    throw new Stop(`unknown test: ${names.join(", ")}; expected part of a path below test/.`);
  const args = ["--test", "--test-concurrency=2", "--test-reporter=spec", ...files];
  // Kernels under test leave the user's history alone; tests of the history name a folder of their own.
  const env = { ...process.env, LOGITPRESS_PYTHON: python, LOGITPRESS_HISTORY: "" };
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env }).status ?? 1;
}
