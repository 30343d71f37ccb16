import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * One script of a compiled module and all that it requires of this package, for machines that have Node and nothing else. What
 * modules call `__dirname` is the script's folder.
 * @param entry the path of a compiled CommonJS file
 */
export function bundle(entry: string): string {
  const modules = new Map<string, string>();
  const collect = (path: string): void => {
    if (modules.has(path)) return;
    modules.set(path, "");
    const text = readFileSync(path, "utf8")
      .replace(/^\/\/# sourceMappingURL=.*$/m, "")
      .replace(/\brequire\("(\.{1,2}\/[^"]+)"\)/g, (_, target: string) => {
        const found = join(dirname(path), `${target}.js`);
        collect(found);
        return `require(${JSON.stringify(relative(dirname(entry), found))})`;
      });
    modules.set(path, text);
  };
  collect(entry);
  const parts = [...modules].map(
    ([path, text]) =>
      `${JSON.stringify(relative(dirname(entry), path))}: (exports, require, module) => {\n${text}\n}`,
  );
  const first = JSON.stringify(relative(dirname(entry), entry));
  return `"use strict";
const modules = {\n${parts.join(",\n")}\n};
const loaded = {};
const load = (name) => {
  const own = modules[name];
  if (own === undefined) return require(name);
  if (loaded[name] === undefined) {
    loaded[name] = { exports: {} };
    own(loaded[name].exports, load, loaded[name]);
  }
  return loaded[name].exports;
};
load(${first});
`;
}
