import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hashOf, once, root, run, Stop } from "./run.mjs";

const windows = process.platform === "win32";
const folder = ".venv";
const inEnvironment = join(root, folder, windows ? "Scripts/python.exe" : "bin/python");

/**
 * Finds a Python of 3.10 or newer that can make virtual environments.
 * @returns {{ command: string, version: string }}
 */
export function findPython() {
  const candidates = windows ? ["python", "py"] : ["python3", "python"];
  const found = candidates.map(probe).filter((p) => p !== undefined);
  if (found.length === 0) {
    throw new Stop(
      "missing Python; expected 3.10 or newer as python3. Install it from python.org or your package manager.",
    );
  }
  const recent = found.find(({ version }) => Number(version.split(".")[1]) >= 10);
  if (recent === undefined) {
    throw new Stop(
      `Python ${found[0].version} is too old; expected 3.10 or newer. Install it beside the old one.`,
    );
  }
  if (!recent.venv) {
    throw new Stop(
      `Python ${recent.version} lacks the venv module; expected venv with ensurepip. On Debian and Ubuntu: apt install python3-venv.`,
    );
  }
  return recent;
}

function probe(command) {
  const code =
    "import sys, importlib.util as u; print('.'.join(map(str, sys.version_info[:3])), all(map(u.find_spec, ('venv', 'ensurepip'))))";
  const { status, stdout } = spawnSync(command, ["-c", code], { encoding: "utf8" });
  if (status !== 0) return undefined;
  const [version, venv] = stdout.trim().split(" ");
  return version.startsWith("3.") ? { command, version, venv: venv === "True" } : undefined;
}

/**
 * Makes the project's own Python environment and registers the kernel in it.
 * @param {"notebook" | "test"} purpose what it is for; tests need more packages
 * @returns {string} its Python
 */
export function makePython(base, purpose, buildStamp) {
  const pins = readFileSync(join(root, "src/setup/constraints.txt"));
  if (!existsSync(inEnvironment)) rmSync(join(root, folder), { recursive: true, force: true });
  once(`${folder}/.logitpress`, hashOf(base.version), () => {
    rmSync(join(root, folder), { recursive: true, force: true });
    run(base.command, ["-m", "venv", folder], `Making a Python ${base.version} environment`);
  });
  for (const part of purpose === "test" ? ["notebook", "test"] : ["notebook"]) {
    const list = `src/setup/requirements-${part}.txt`;
    once(`${folder}/.logitpress-${part}`, hashOf(pins, readFileSync(join(root, list))), () => {
      const args = [
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "-q",
        "-r",
        list,
        "-c",
        "src/setup/constraints.txt",
      ];
      run(
        inEnvironment,
        args,
        part === "test" ? "Installing the tests' Python packages" : "Installing JupyterLab",
      );
    });
  }
  once(`${folder}/.logitpress-kernel`, hashOf(buildStamp, process.execPath, root), () => {
    run(
      process.execPath,
      ["dist/src/cli/main.js", "kernel", "install", "--prefix", folder],
      "Registering the kernel",
    );
  });
  return inEnvironment;
}
