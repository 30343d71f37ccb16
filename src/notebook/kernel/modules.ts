import { readFileSync } from "node:fs";
import Module from "node:module";
import { basename, dirname, join } from "node:path";
import type { SideOutput } from "tslab/dist/converter";
import { notebookRequire } from "./resolve";
import type { MapKeeper } from "./source-maps";
import type { Sources } from "./sources";

type Require = (id: string) => unknown;

interface Compilable extends NodeJS.Module {
  _compile(code: string, file: string): void;
}

/**
 * What cells `require`: local TypeScript and JavaScript as the converter wrote it, then packages. Follows
 * `wrapRequire` of tslab (see NOTICE).
 */
export class Modules {
  readonly #code = new Map<string, string>();
  readonly #loaded = new Map<string, Compilable>();
  readonly require: Require;

  constructor(
    readonly folder: string,
    readonly maps: MapKeeper,
    readonly sources: Sources,
  ) {
    this.require = this.#requireFrom(folder, notebookRequire(folder));
  }

  /** Takes new code of local modules, which are then loaded anew. */
  update(outputs: readonly SideOutput[]): void {
    for (const { path, data } of outputs) {
      this.#loaded.delete(path);
      this.#code.set(path, data);
      this.#addSource(path, data);
    }
  }

  #requireFrom(folder: string, otherwise: Require): Require {
    return (id) => {
      if (id === "tslab") return require("tslab");
      return this.#local(folder, id)?.exports ?? otherwise(id);
    };
  }

  #local(folder: string, id: string): Compilable | undefined {
    if (!/^\.{0,2}\//.test(id)) return undefined;
    const base = join(folder, id);
    const path = [base, `${base}.js`, join(base, "index.js")].find((file) => this.#code.has(file));
    return path === undefined ? undefined : (this.#loaded.get(path) ?? this.#load(path));
  }

  #load(path: string): Compilable {
    const loaded = new Module(path) as Compilable;
    loaded.filename = path;
    loaded.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(
      dirname(path),
    );
    loaded.require = this.#requireFrom(dirname(path), notebookRequire(dirname(path))) as NodeJS.Require;
    // Known before it has run, so that modules may import each other.
    this.#loaded.set(path, loaded);
    try {
      loaded._compile(this.#code.get(path)!, path);
    } catch (error) {
      this.#loaded.delete(path);
      throw error;
    }
    return loaded;
  }

  #addSource(path: string, code: string): void {
    const maps = this.maps.take(code);
    const file = join(dirname(path), basename(maps?.source ?? path));
    try {
      const text = readFileSync(file, "utf8");
      this.sources.add(path, { label: file, text, maps, linesBefore: 0, lines: code.split("\n").length });
    } catch {
      // A module that was written in a cell has no file to quote.
    }
  }
}
