import { join } from "node:path";
import { Script } from "node:vm";
import type { ConvertResult } from "tslab/dist/converter";
import type { Compiler } from "./compiler";
import type { Failure } from "./messages";
import { Modules } from "./modules";
import { createScope } from "./scope";
import type { MapKeeper } from "./source-maps";
import type { Sources } from "./sources";
import { failureOfDiagnostics } from "./traceback";

/** The value of a cell's last expression, or the type errors that kept it from running. */
export type Ran = { readonly value: unknown } | { readonly failure: Failure };

const entry = "__logitpress__";

/** Checks, converts and runs cells one after the other over one set of variables. */
export class Executor {
  /** What earlier cells declare, as TypeScript. */
  declared = "";
  /** True while the compiler works; when it is stopped then, it can't be used further. */
  converting = false;
  readonly scope: Record<string, unknown> = createScope();
  readonly #modules: Modules;

  constructor(
    readonly compiler: () => Compiler,
    readonly maps: MapKeeper,
    readonly sources: Sources,
    readonly folder: string,
  ) {
    this.#modules = new Modules(folder, maps, sources);
  }

  async run(code: string, label: string): Promise<Ran> {
    const converted = this.#convert(code);
    if (converted.diagnostics.length > 0) {
      return { failure: failureOfDiagnostics(converted.diagnostics, label, code) };
    }
    // Before the cell runs: what it has assigned when it throws stays known to later cells.
    this.declared = converted.declOutput ?? "";
    const { output, lastExpressionVar } = converted;
    if (!output) return { value: undefined };
    await this.#enter(output, converted.hasToplevelAwait === true, code, label);
    if (lastExpressionVar === undefined) return { value: undefined };
    const value = this.scope[lastExpressionVar];
    delete this.scope[lastExpressionVar];
    return { value };
  }

  /** The value of an expression over the session's variables, which leaves no trace. */
  async evaluate(expression: string): Promise<unknown> {
    const { declared } = this;
    try {
      const ran = await this.run(expression, "user_expression");
      if ("failure" in ran) throw new TypeError(`${ran.failure.ename}: ${ran.failure.evalue}`);
      return ran.value;
    } finally {
      this.declared = declared;
    }
  }

  #convert(code: string): ConvertResult {
    this.converting = true;
    try {
      const converted = this.compiler().converter.convert(this.declared, code);
      this.#modules.update(converted.sideOutputs ?? []);
      return converted;
    } finally {
      this.converting = false;
    }
  }

  #enter(output: string, awaits: boolean, code: string, label: string): Promise<void> | void {
    const lines = output.split("\n").length;
    this.sources.add(label, { label, text: code, maps: this.maps.take(output), linesBefore: 1, lines });
    const given = { exports: this.scope, require: this.#modules.require, folder: this.folder };
    Object.defineProperty(globalThis, entry, { value: given, configurable: true, enumerable: false });
    const names = "exports, require, __dirname, __filename";
    const values = `${entry}.exports, ${entry}.require, ${entry}.folder, ${JSON.stringify(join(this.folder, "notebook.ts"))}`;
    const source = `(${awaits ? "async " : ""}function (${names}) {\n${output}\n})(${values})`;
    const script = new Script(source, { filename: label, lineOffset: -1 });
    return script.runInThisContext({ displayErrors: false }) as Promise<void> | void;
  }
}
