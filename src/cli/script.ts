import { join } from "node:path";
import { packageRoot } from "../base/package-root";

/** The path of a Python program below this folder, by its name with slashes; it lies beside the sources as it is. */
export function scriptPath(name: string): string {
  return join(packageRoot(), "src", "cli", ...name.split("/"));
}
