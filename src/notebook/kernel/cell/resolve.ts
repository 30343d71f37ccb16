import { createRequire } from "node:module";
import { join } from "node:path";
import { fail } from "../../../base/errors";
import { packageRoot } from "../../../base/package-root";
import { offeredPackages, packageName } from "../packages";
import { awaits } from "./dynamic-import";
import { resolveImport } from "./import-condition";

/**
 * A `require` for modules in the folder `from`: it falls back to the offered packages, and takes packages that are ES
 * modules only.
 *
 * @throws {LogitpressError} `failed` for a module that awaits at its top level
 */
export function notebookRequire(from: string): (id: string) => unknown {
  const near = createRequire(join(from, "notebook.js"));
  const far = createRequire(join(packageRoot(), "package.json"));
  const offered = new Set(offeredPackages());
  return (id) => {
    try {
      const found = resolved(id, near, from);
      if (found !== undefined) return near(found);
      return offered.has(packageName(id)) ? far(id) : near(id);
    } catch (cause) {
      if (!awaits(cause)) throw cause;
      const remedy = `Write: const module = await import(${JSON.stringify(id)});`;
      fail(
        "failed",
        { thing: "import", value: id, expected: "a module without await at its top level", remedy },
        { cause },
      );
    }
  };
}

function resolved(id: string, near: NodeJS.Require, from: string): string | undefined {
  try {
    return near.resolve(id);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ERR_PACKAGE_PATH_NOT_EXPORTED" ? resolveImport(id, from) : undefined;
  }
}
