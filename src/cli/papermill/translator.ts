import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail } from "../../base/errors";
import type { Python } from "../python";
import { scriptPath } from "../script";
import { packageVersion } from "../version";

const distribution = "logitpress-papermill";

/**
 * Gives papermill our translator of parameters: a wheel of one module and its entry point, which pip installs, lists
 * and removes like any other.
 */
export function installTranslator({ executable }: Python): void {
  const folder = mkdtempSync(join(tmpdir(), "logitpress-wheel-"));
  try {
    const wheel = run(executable, [scriptPath("papermill/wheel.py"), folder, packageVersion()]).trim();
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"];
    run(executable, ["-m", "pip", "install", ...quiet, "--force-reinstall", wheel]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a Python, which may be gone, has our translator. */
export function hasTranslator(python: string): boolean {
  const code = `import importlib.metadata as m; m.distribution("${distribution}")`;
  return spawnSync(python, ["-c", code]).status === 0;
}

/** Removes what {@link installTranslator} has installed. */
export function uninstallTranslator(python: string): void {
  run(python, ["-m", "pip", "uninstall", "--quiet", "--disable-pip-version-check", "--yes", distribution]);
}

function run(python: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(python, args, { encoding: "utf8" });
  if (status === 0) return stdout;
  const said = stderr?.split("\n").find((line) => /error|No module named pip/i.test(line));
  return fail("failed", {
    thing: "change of papermill's translator",
    value: python,
    expected: "a Python whose pip may install",
    remedy: `${said ?? error?.message ?? `Exit code ${status}.`}`.trim(),
  });
}
