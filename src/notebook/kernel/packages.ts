import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of the package that this kernel belongs to. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
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
