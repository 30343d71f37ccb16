import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackage, packageName } from "../packages";

type Target = string | null | readonly Target[] | { readonly [condition: string]: Target };

const conditions = new Set(["node", "import", "module-sync", "default"]);

/**
 * The file that `import` of a package finds, for packages that offer themselves to `import` alone; undefined where
 * there is none. By Node's algorithm (Modules: ECMAScript modules, "Resolution algorithm specification"): exports by
 * name, then by the longest pattern.
 */
export function resolveImport(id: string, from: string): string | undefined {
  const name = packageName(id);
  const folder = findPackage(name, from);
  if (folder === undefined) return undefined;
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { exports?: Target };
  if (exports === undefined) return undefined;
  const found = match(exports, `.${id.slice(name.length)}`);
  return found === undefined ? undefined : join(folder, found);
}

function match(exports: Target, subpath: string): string | undefined {
  const entries = typeof exports === "object" && exports !== null ? Object.entries(exports) : [];
  if (!entries.some(([key]) => key.startsWith("."))) return subpath === "." ? pick(exports) : undefined;
  const exact = entries.find(([key]) => key === subpath);
  if (exact !== undefined) return pick(exact[1]);
  const patterns = entries
    .filter(([key]) => key.includes("*") && fits(key, subpath))
    .sort(([a], [b]) => b.indexOf("*") - a.indexOf("*"));
  const [best] = patterns;
  return best && pick(best[1])?.replaceAll("*", starOf(best[0], subpath));
}

function fits(pattern: string, subpath: string): boolean {
  const [before, after] = pattern.split("*") as [string, string];
  return (
    subpath.startsWith(before) && subpath.endsWith(after) && subpath.length >= before.length + after.length
  );
}

function starOf(pattern: string, subpath: string): string {
  const [before, after] = pattern.split("*") as [string, string];
  return subpath.slice(before.length, subpath.length - after.length);
}

function pick(target: Target): string | undefined {
  if (target === null || typeof target === "string") return target ?? undefined;
  const choices = Array.isArray(target)
    ? (target as readonly Target[])
    : Object.entries(target)
        .filter(([condition]) => conditions.has(condition))
        .map(([, choice]) => choice);
  for (const choice of choices) {
    const found = pick(choice);
    if (found !== undefined) return found;
  }
  return undefined;
}
