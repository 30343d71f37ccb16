import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { offeredPackages, packageName, packageRoot } from "./packages";

/** The folder of the TypeScript that checks cells. */
export function compilerRoot(): string {
  return dirname(require.resolve("@tslab/typescript-for-tslab/package.json"));
}

/** A `require` for the notebook's folder that falls back to the offered packages. */
export function notebookRequire(from: string): (id: string) => unknown {
  const near = createRequire(join(from, "notebook.js"));
  const far = createRequire(join(packageRoot(), "package.json"));
  const offered = new Set(offeredPackages());
  return (id) => {
    if (!offered.has(packageName(id))) return near(id);
    try {
      near.resolve(id);
    } catch {
      return far(id);
    }
    return near(id);
  };
}
