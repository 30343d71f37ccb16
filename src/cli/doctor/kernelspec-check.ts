import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { kernelProgram } from "../../notebook/kernelspec/contents";
import { readObject, userDataFolder } from "../../notebook/kernelspec/places";
import type { Python } from "../python";
import { type Finding, failing, ok, quoted } from "./check";
import type { Seen } from "./jupyter-checks";
import { isRecentNode } from "./package-checks";

/** The command that installs the kernel where Jupyter found it, or where this Python looks. */
export function installCommand({ prefix, environment }: Python, folder: string | null): string {
  const below = `${sep}${join("share", "jupyter", "kernels", "logitpress")}`;
  const own = join(userDataFolder(), "kernels", "logitpress");
  if (folder?.endsWith(below) && folder !== own) {
    return `logitpress kernel install --prefix ${quoted(folder.slice(0, -below.length))}`;
  }
  if (folder === null && environment) return `logitpress kernel install --prefix ${quoted(prefix)}`;
  return "logitpress kernel install --user";
}

/** Which kernelspec Jupyter takes, and whether it starts this package's kernel with a Node that is there. */
export function kernelspecFinding(python: Python, { kernels, winner, paths }: Seen): Finding {
  const remedy = installCommand(python, winner);
  if (winner === null) {
    const where = paths.map((path) => join(path, "kernels")).join(", ");
    return failing(`no kernelspec logitpress in ${where}`, remedy);
  }
  const fault = faultOf(winner);
  if (fault !== undefined) return failing(`${join(winner, "kernel.json")}: ${fault}`, remedy);
  const hidden = kernels.filter((folder) => folder !== winner);
  return ok(hidden.length === 0 ? winner : `${winner}, before ${hidden.join(", ")}`);
}

function faultOf(folder: string): string | undefined {
  const argv = readObject(join(folder, "kernel.json"))?.argv;
  if (!Array.isArray(argv) || argv.length < 3 || !argv.every((word) => typeof word === "string")) {
    return "argv is no command of Node with a program and a connection file";
  }
  const [node] = argv;
  if (!argv.includes("{connection_file}")) return "argv lacks {connection_file}";
  if (!existsSync(node)) return `Node is not at ${node} any more`;
  const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout?.trim();
  if (!version || !isRecentNode(version)) return `${node} is no recent Node: ${version || "it doesn't run"}`;
  const program = argv.find((word) => /[\\/]main\.js$/.test(word));
  if (program === undefined) return "argv names no main.js";
  if (!existsSync(program)) return `the kernel is not at ${program} any more`;
  if (realpathSync(program) === realpathSync(kernelProgram())) return undefined;
  return `the kernel is that of another logitpress, ${dirname(program)}`;
}
