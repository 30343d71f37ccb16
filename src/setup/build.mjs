import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeIndexLazy } from "./lazy-index.mjs";
import { hashOf, once, root, run } from "./run.mjs";
import { buildWasm } from "./wasm.mjs";

/**
 * Compiles TypeScript and WebAssembly to `dist/`, unless the sources are as they were.
 * @returns {string} a stamp of the sources
 */
export function buildProject() {
  const sources = ["src", "test"].flatMap(filesBelow).sort();
  const stamp = hashOf(
    ...sources.flatMap((file) => [file, readFileSync(join(root, file))]),
    readFileSync(join(root, "package-lock.json")),
    readFileSync(join(root, "tsconfig.json")),
  );
  once("dist/.logitpress", stamp, () => {
    rmSync(join(root, "dist"), { recursive: true, force: true });
    run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."], "Compiling TypeScript");
    makeIndexLazy();
    buildWasm();
  });
  return stamp;
}

function filesBelow(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
