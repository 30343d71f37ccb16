import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";

interface Bundled {
  readonly code: string;
  /** Where what it requires lies. */
  readonly requires: Readonly<Record<string, string>>;
}

/**
 * One script of a CommonJS module and all that it requires by name: in a start-up snapshot Node's own modules alone
 * can be required. A module that can't be found is left out, and throws when it is required.
 */
export function bundle(entry: string): string {
  const modules = new Map<string, Bundled>();
  const queue = [entry];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (modules.has(path)) continue;
    const found = read(path);
    modules.set(path, found);
    queue.push(...Object.values(found.requires));
  }
  const entries = [...modules].map(([path, { code, requires }]) => {
    const body = path.endsWith(".json") ? `module.exports = ${code};` : code;
    const wrapped = `function (exports, require, module, __filename, __dirname) {${body}\n}`;
    return `${JSON.stringify(path)}: [${wrapped}, ${JSON.stringify(requires)}]`;
  });
  return latin(`${loader}({\n${entries.join(",\n")}\n}, ${JSON.stringify(entry)}, require);\n`);
}

/** The code with other letters escaped: one of them, in a comment, would make V8 keep all with two bytes a letter. */
function latin(code: string): string {
  return code.replace(/[^\0-\xff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function read(path: string): Bundled {
  const code = readFileSync(path, "utf8");
  if (path.endsWith(".json")) return { code, requires: {} };
  const near = createRequire(path);
  const requires: Record<string, string> = {};
  for (const [, , id] of code.matchAll(/\brequire(\.resolve)?\(\s*["']([^"'\n]+)["']\s*\)/g)) {
    if (id === undefined || isBuiltin(id)) continue;
    try {
      requires[id] = near.resolve(id);
    } catch {
      // An optional package, or a name in a text.
    }
  }
  return { code, requires };
}

const loader = `(function (modules, entry, builtin) {
  const separator = entry.includes("\\\\") ? "\\\\" : "/";
  const cache = {};
  function load(path) {
    if (path in cache) return cache[path].exports;
    const [run, requires] = modules[path];
    const module = (cache[path] = { exports: {}, id: path, filename: path, loaded: false });
    const require = (id) => (id in requires ? load(requires[id]) : builtin(id));
    require.resolve = (id) => requires[id];
    require.cache = cache;
    run.call(module.exports, module.exports, require, module, path, path.slice(0, path.lastIndexOf(separator)));
    module.loaded = true;
    return module.exports;
  }
  load(entry);
})`;
