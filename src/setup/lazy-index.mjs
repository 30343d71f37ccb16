import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, Stop } from "./run.mjs";

/** Lets `dist/src/index.js` load a module when a name of it is first used, so that programs pay for what they use alone. */
export function makeIndexLazy() {
  const path = join(root, "dist", "src", "index.js");
  writeFileSync(path, lazy(readFileSync(path, "utf8")));
}

/**
 * Getters that require what they give, where TypeScript requires all modules first. What is imported for its effect
 * stays as it is.
 * @param {string} code of a module that only exports names of others
 * @throws {Stop} where a line is not as expected
 */
export function lazy(code) {
  const modules = new Map();
  const lines = code.split("\n").map((line) => {
    const [, variable, request] = /^(?:var|const) (\w+) = require\(("[^"]+")\);$/.exec(line) ?? [];
    if (variable === undefined) return line;
    modules.set(variable, request);
    return "";
  });
  const getters = lines.map((line) =>
    line.replace(
      /^Object\.defineProperty\(exports, ("\w+"), \{.*\breturn (\w+)\.(\w+);.*\}\);$/,
      (_, exported, variable, name) => {
        if (!modules.has(variable)) throw new Stop(`the index is not as expected: ${line}`);
        return `lazy(${exported}, () => require(${modules.get(variable)}).${name});`;
      },
    ),
  );
  // Not written out at each name, since where Node sees a getter that loads a module it hides the name from `import`. What was
  // once asked for stays as a value: to require it again takes as long as a part of a small fit.
  const define = `const lazy = (name, load) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: () => {
  const value = load();
  Object.defineProperty(exports, name, { enumerable: true, configurable: true, value });
  return value;
} });`;
  return getters.join("\n").replace('"use strict";', `"use strict"; ${define}`);
}
