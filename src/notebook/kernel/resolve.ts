import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The folder of the package that this kernel belongs to. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

/** A `require` as tslab has it, which finds tslab's own TypeScript. */
export function tslabRequire(): NodeJS.Require {
  return createRequire(require.resolve("tslab/package.json"));
}

/** The folder of the TypeScript that checks cells. */
export function compilerRoot(): string {
  return dirname(tslabRequire().resolve("@tslab/typescript-for-tslab/package.json"));
}

/** What every notebook may import wherever it lies: this package and what it depends on. */
export function offeredPackages(): string[] {
  const { name, dependencies } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8"));
  return [name, ...Object.keys(dependencies ?? {})];
}

/** The name of the package in an import: `@a/b` of `@a/b/c`. */
export function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** The folder of a package in `node_modules` of `from` or above it. */
export function findPackage(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
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
