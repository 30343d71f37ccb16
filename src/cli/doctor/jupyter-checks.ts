import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { userDataFolder } from "../../notebook/kernelspec/places";
import type { Python } from "../python";
import { scriptPath } from "../script";
import { type Check, type Finding, failing, ok, quoted, timed, warn } from "./check";
import { installCommand, kernelspecFinding } from "./kernelspec-check";

/** What `doctor.py look` says. */
export interface Seen {
  readonly packages: Readonly<Record<string, string | null>>;
  /** A module that could not be imported; then the rest is not there. */
  readonly missing?: string;
  readonly data: string;
  readonly paths: readonly string[];
  /** The folders of every kernelspec of our name, in the order of Jupyter's search. */
  readonly kernels: readonly string[];
  /** The folder that Jupyter takes. */
  readonly winner: string | null;
  readonly extensions: readonly string[];
  /** Whether JupyterLab takes the extension; null where it isn't installed. */
  readonly enabled: boolean | null;
}

const needs: Readonly<Record<string, string>> = {
  jupyter_server: "Jupyter's servers",
  jupyterlab: "JupyterLab",
  nbclient: "logitpress run",
  nbconvert: "logitpress run --html",
};

/** Asks Jupyter what it sees, by the Python program beside this file. */
export function askJupyter<T>(python: Python, question: "look" | "start", kernel: string): T {
  const args = [scriptPath("doctor/doctor.py"), question, kernel];
  const { status, stdout, stderr, error } = spawnSync(python.command, args, { encoding: "utf8" });
  if (status === 0) return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as T;
  throw new Error(`${python.executable}: ${error?.message ?? stderr.trim().split("\n").at(-1)}`);
}

/** The checks of Python, its packages, Jupyter's paths and what is installed there. */
export async function jupyterChecks(python: Python, seen: Seen): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [name, version] of Object.entries(seen.packages)) {
    checks.push(await timed(name, () => packageFinding(python, name, version)));
  }
  if (seen.missing !== undefined) return checks;
  checks.push(await timed("Jupyter's paths", () => ok(seen.paths.join(", "))));
  checks.push(await timed("kernelspec", () => kernelspecFinding(python, seen)));
  checks.push(await timed("VS Code", () => vsCode(seen)));
  checks.push(await timed("chart extension", () => extension(python, seen)));
  return checks;
}

function packageFinding({ executable }: Python, name: string, version: string | null): Finding {
  if (version !== null) return ok(version);
  const remedy = `${quoted(executable)} -m pip install ${name}`;
  if (name in needs) return warn(`not installed; needed by ${needs[name]}`, remedy);
  const other = "If Jupyter runs with another Python, name that one: logitpress kernel doctor --python PATH";
  return failing(`not installed in ${executable}`, `${remedy}. ${other}`);
}

// VS Code looks where Jupyter does without an environment, and in the environments that its Python extension knows.
function vsCode({ kernels, data }: Seen): Finding {
  const everywhere = [data, userDataFolder(), "/usr/local/share/jupyter", "/usr/share/jupyter"];
  const listed = kernels.find((folder) =>
    everywhere.some((place) => folder.startsWith(join(place, "kernels"))),
  );
  if (listed !== undefined) return ok(`lists the kernel under "Jupyter Kernel...", from ${listed}`);
  const detail =
    "lists the kernel only where its Python extension knows the environment, and only after a reload of its window";
  return warn(detail, "logitpress kernel install --user");
}

function extension(python: Python, { extensions, enabled, packages, winner }: Seen): Finding {
  const [folder] = extensions;
  if (folder === undefined || !existsSync(join(folder, "static", "plotly.min.js"))) {
    const detail = `${folder === undefined ? "not found" : `not whole in ${folder}`}; charts would be pictures`;
    const remedy = installCommand(python, winner);
    return packages.jupyterlab === null ? warn(detail, remedy) : failing(detail, remedy);
  }
  if (enabled === false) {
    const remedy = `${quoted(python.executable)} -m jupyter labextension enable logitpress`;
    return warn(`disabled in JupyterLab; charts would be pictures`, remedy);
  }
  return ok(`${folder}${enabled ? ", enabled" : ""}`);
}
