import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fail } from "../base/errors";

/** A Python that was found and asked. */
export interface Python {
  /** What starts it, which may be a program that calls it. */
  readonly command: string;
  /** Its `sys.executable`. */
  readonly executable: string;
  readonly version: string;
  /** Its `sys.prefix`. */
  readonly prefix: string;
  /** Whether it is that of a virtual or conda environment. */
  readonly environment: boolean;
  /** Whether it has jupyter_client. */
  readonly jupyter: boolean;
  /** How it came to be chosen. */
  readonly from: string;
}

const remedy = "Name one: --python PATH, or set LOGITPRESS_PYTHON.";

const question = `
import importlib.util, json, os, sys
print(json.dumps(dict(
    executable=sys.executable, version=".".join(map(str, sys.version_info[:3])), prefix=sys.prefix,
    environment=sys.prefix != sys.base_prefix or os.path.isdir(os.path.join(sys.prefix, "conda-meta")),
    jupyter=importlib.util.find_spec("jupyter_client") is not None)))`;

/**
 * The Python that `--python` names, else $LOGITPRESS_PYTHON, else the first of python3, python, py and the one that
 * `jupyter` runs with which has Jupyter, else the first that there is.
 *
 * @throws {LogitpressError} `missing-dependency` where there is none
 */
export function findPython(named: string | undefined): Python {
  const told = named ?? process.env.LOGITPRESS_PYTHON;
  if (told) {
    const from = named === undefined ? "LOGITPRESS_PYTHON" : "--python";
    return (
      ask(told, from) ??
      fail("missing-dependency", { thing: "Python", value: told, expected: "a Python 3 that runs", remedy })
    );
  }
  let first: Python | undefined;
  for (const command of ["python3", "python", "py", pythonOfJupyter()]) {
    const found = command === undefined ? undefined : ask(command, command);
    if (found?.jupyter) return found;
    first ??= found;
  }
  const expected = "python3, python or py on the PATH";
  return first ?? fail("missing-dependency", { thing: "Python", expected, remedy });
}

function ask(command: string, from: string): Python | undefined {
  const { status, stdout } = spawnSync(command, ["-c", question], { encoding: "utf8" });
  if (status !== 0) return undefined;
  try {
    const answer = JSON.parse(stdout) as Omit<Python, "command" | "from">;
    return answer.version.startsWith("3.") ? { ...answer, command, from } : undefined;
  } catch {
    return undefined;
  }
}

// Homebrew and pipx give Jupyter a Python of its own, which the first line of its program names.
function pythonOfJupyter(): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, "jupyter");
    try {
      accessSync(path, constants.X_OK);
      return /^#!(\S*python\S*)/.exec(readFileSync(path, "utf8"))?.[1];
    } catch {}
  }
  return undefined;
}
