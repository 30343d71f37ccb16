import { readFileSync } from "node:fs";
import Module from "node:module";
import { basename, dirname, join } from "node:path";
import type { ModuleCode } from "../program";
import { importBy } from "./dynamic-import";
import { notebookRequire } from "./resolve";
import { TwoMaps } from "./source-maps";
import type { Sources } from "./sources";
import { requireTslab } from "./tslab";

type Require = (id: string) => unknown;
type NotebookRequire = Require & { readonly import: (id: string) => Promise<unknown> };

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
  readonly #importers = new Map<string, Set<string>>();
  /** Its property `import` is what `import()` becomes. */
  readonly require: NotebookRequire;

  constructor(
    readonly folder: string,
    readonly sources: Sources,
  ) {
    this.require = this.#requireFrom(folder, notebookRequire(folder));
  }

  /** Takes new code of local modules, which are then loaded anew, and with them what imports them. */
  update(modules: readonly ModuleCode[]): void {
    for (const module of modules) {
      if (this.#code.get(module.path) === module.code) continue;
      this.#forget(module.path);
      this.#code.set(module.path, module.code);
      this.#addSource(module);
    }
  }

  #forget(path: string): void {
    this.#loaded.delete(path);
    const importers = this.#importers.get(path);
    this.#importers.delete(path);
    for (const importer of importers ?? []) this.#forget(importer);
  }

  #requireFrom(folder: string, otherwise: Require, importer?: string): NotebookRequire {
    const require: Require = (id) => {
      if (id === "tslab") return requireTslab();
      const path = this.#path(folder, id);
      if (path === undefined) return otherwise(id);
      if (importer !== undefined) addTo(this.#importers, path, importer);
      return (this.#loaded.get(path) ?? this.#load(path)).exports;
    };
    return Object.assign(require, { import: importBy(require, folder) });
  }

  #path(folder: string, id: string): string | undefined {
    if (!/^\.{0,2}\//.test(id)) return undefined;
    const base = join(folder, id);
    return [base, `${base}.js`, join(base, "index.js")].find((file) => this.#code.has(file));
  }

  #load(path: string): Compilable {
    const loaded = new Module(path) as Compilable;
    loaded.filename = path;
    loaded.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(
      dirname(path),
    );
    loaded.require = this.#requireFrom(
      dirname(path),
      notebookRequire(dirname(path)),
      path,
    ) as unknown as NodeJS.Require;
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

  #addSource({ path, code, maps: texts }: ModuleCode): void {
    const maps = texts && new TwoMaps(texts);
    const file = join(dirname(path), basename(maps?.source ?? path));
    try {
      const text = readFileSync(file, "utf8");
      this.sources.add(path, {
        label: file,
        text,
        maps,
        shifts: [],
        linesBefore: 0,
        lines: code.split("\n").length,
      });
    } catch {
      // A module that was written in a cell has no file to quote.
    }
  }
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set.add(value));
}
