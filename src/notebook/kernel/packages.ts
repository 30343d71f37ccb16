import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../../base/package-root";

/** What every notebook may import wherever it lies: this package, what it depends on, and danfo. */
export function offeredPackages(): string[] {
  const { name, dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(packageRoot(), "package.json"), "utf8"),
  );
  return [name, ...Object.keys({ ...dependencies, ...peerDependencies })];
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
