import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import { Magics, offerMagics } from "../magics/runtime";
import { StopWatch } from "../magics/timing";
import type { Program } from "../program";
import { Modules } from "./modules";
import { createScope } from "./scope";
import { TwoMaps } from "./source-maps";
import type { Sources } from "./sources";

const entry = "__logitpress__";

/** Runs converted cells one after the other over one set of variables. */
export class Executor {
  readonly scope: Record<string, unknown> = createScope();
  readonly #modules: Modules;
  readonly #magics: Magics;

  constructor(
    readonly sources: Sources,
    readonly folder: string,
    packagesChanged: () => void,
  ) {
    this.#modules = new Modules(folder, sources);
    this.#magics = new Magics({ variables: this.scope, folder, packagesChanged });
    offerMagics(this.#magics);
  }

  /** The value of the last expression of `program`; undefined where it ends in something else. */
  async run(program: Program): Promise<unknown> {
    const { code, result } = program;
    this.#modules.update(program.modules);
    if (code === "") return undefined;
    const watch = program.timed ? new StopWatch() : undefined;
    try {
      await this.#enter(program);
    } finally {
      if (watch !== undefined) process.stdout.write(watch.line());
      this.#magics.clear();
    }
    if (result === undefined) return undefined;
    const value = this.scope[result];
    delete this.scope[result];
    return value;
  }

  #enter({ label, text, code, maps, shifts, awaits }: Program): Promise<void> | void {
    const lines = code.split("\n").length;
    this.sources.add(label, { label, text, maps: maps && new TwoMaps(maps), shifts, linesBefore: 1, lines });
    const given = { exports: this.scope, require: this.#modules.require, folder: this.folder };
    Object.defineProperty(globalThis, entry, { value: given, configurable: true, enumerable: false });
    const names = "exports, require, __dirname, __filename";
    const values = `${entry}.exports, ${entry}.require, ${entry}.folder, ${JSON.stringify(join(this.folder, "notebook.ts"))}`;
    const source = `(${awaits ? "async " : ""}function (${names}) {\n${code}\n})(${values})`;
    const script = uncached(() => new Script(source, { filename: label, lineOffset: -1 }));
    return script.runInThisContext({ displayErrors: false }) as Promise<void> | void;
  }
}

/** Compiles without V8's cache, which would hold the text and code of every cell that ever ran. */
function uncached<T>(compile: () => T): T {
  setFlagsFromString("--no-compilation-cache");
  try {
    return compile();
  } finally {
    setFlagsFromString("--compilation-cache");
  }
}
