import { packageRoot } from "../../../base/package-root";
import { findPackage, offeredPackages, packageName } from "../packages";

type System = import("@tslab/typescript-for-tslab").System;

/**
 * A file system for the compiler in which the offered packages lie in `node_modules` of the notebook's folder `from`,
 * unless one above it has them. TypeScript can then name their types in declarations; a package that is found by
 * `paths` outside of `node_modules` it can't (TS2742).
 */
export function withPackages(system: System, from: string): System {
  const actual = translation(from.replaceAll("\\", "/"));
  const overlay: System = Object.create(system);
  overlay.readFile = (path, encoding) => system.readFile(actual(path), encoding);
  overlay.fileExists = (path) => system.fileExists(actual(path));
  overlay.directoryExists = (path) => system.directoryExists(actual(path));
  overlay.getDirectories = (path) => system.getDirectories(actual(path));
  overlay.readDirectory = (path, ...rest) => system.readDirectory(actual(path), ...rest);
  overlay.getModifiedTime = (path) => system.getModifiedTime?.(actual(path));
  overlay.realpath = (path) => (actual(path) === path ? (system.realpath?.(path) ?? path) : path);
  overlay.watchFile = (path, changed, ...rest) =>
    system.watchFile!(actual(path), (_name, ...event) => changed(path, ...event), ...rest);
  overlay.watchDirectory = (path, ...rest) => system.watchDirectory!(actual(path), ...rest);
  return overlay;
}

/** Where a path of the overlay really lies; other paths stay as they are. */
function translation(from: string): (path: string) => string {
  const prefix = `${from}/node_modules/`;
  const folders = offeredFolders(from);
  const offered = new Set(offeredPackages());
  return (path) => {
    if (!path.startsWith(prefix)) return path;
    const rest = path.slice(prefix.length);
    const name = packageName(rest);
    const folder = folders.get(name);
    if (folder === undefined) return path;
    const inner = rest.slice(name.length);
    const nested = inner.startsWith("/node_modules/") ? inner.slice("/node_modules/".length) : "";
    if (nested === "") return folder + inner;
    const dependency = packageName(nested);
    // Two paths to one package would be two sets of types, so what is offered has its place at the top alone.
    if (offered.has(dependency)) return path;
    const found = findPackage(dependency, folder);
    return found === undefined ? path : found + nested.slice(dependency.length);
  };
}

function offeredFolders(from: string): Map<string, string> {
  const root = packageRoot();
  const [own, ...dependencies] = offeredPackages();
  const folders = new Map<string, string>();
  for (const name of [own, ...dependencies]) {
    const folder = name === own ? root : findPackage(name, root);
    if (folder !== undefined && findPackage(name, from) === undefined) folders.set(name, folder);
  }
  return folders;
}
