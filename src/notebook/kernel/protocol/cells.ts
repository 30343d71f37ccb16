import { interruption } from "../interruption";
import type { Expression, Outcome } from "../link";
import { magicHelp } from "../magics/list";
import type { Completions, Converted, ModuleCode } from "../program";
import type { Compiler } from "./compiler";
import type { MainThread } from "./main-thread";

/** A cell as the front end sends it. */
interface CellRequest {
  /** Counts all cells of the process, silent ones too. */
  readonly id: number;
  /** What tracebacks call it, e.g. `In [3]`. */
  readonly label: string;
  readonly code: string;
  readonly allowStdin: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
}

/** Takes cells from their text to their end: the compiler converts them, the main thread runs them. */
export class Cells {
  /** What the cells so far declare, as TypeScript. */
  declared = "";
  #interrupted: (() => void) | undefined;
  /** Modules that the compiler has given, once each, for cells that may have been interrupted before they ran. */
  readonly #modules: ModuleCode[] = [];

  constructor(
    readonly compiler: Compiler,
    readonly main: MainThread,
  ) {}

  async run(request: CellRequest): Promise<Outcome> {
    const { code } = request;
    const asked = /^\s*(?=.*\?)\?{0,2}([\w$.]+|%{1,2}\w+)\?{0,2}\s*$/.exec(code)?.[1];
    if (asked !== undefined) return await this.#page(asked);
    const installing = /^(?:\s*%npm\b.*\n)+/.exec(code)?.[0];
    if (installing === undefined) return await this.#run(request);
    // What is installed at the top of a cell is there when the rest of it is checked.
    const installed = await this.#run({ ...request, code: installing, userExpressions: {} });
    if (installed.failure !== undefined) return installed;
    return await this.#run({
      ...request,
      code: installing.replace(/.+/g, "") + code.slice(installing.length),
    });
  }

  async #run(request: CellRequest): Promise<Outcome> {
    if (request.code.trim() === "") return {};
    const prepared = await this.#unlessInterrupted(this.#prepare(request));
    if (prepared === undefined) return { failure: interruption };
    const { converted, expressions } = prepared;
    if ("failure" in converted) return { failure: converted.failure };
    // Before the cell runs: what it has assigned when it throws stays known to later cells.
    this.declared = converted.declared;
    const { id, allowStdin } = request;
    const program = { ...converted.program, modules: this.#modules.splice(0) };
    return await this.main.run({ id, program, allowStdin, expressions });
  }

  /** Ends the conversion that is under way, if one is. */
  interrupt(): void {
    this.#interrupted?.();
  }

  /** What is known of the name at `cursor`. */
  async describe(code: string, cursor: number): Promise<string | undefined> {
    const { declared } = this;
    return (await this.compiler.ask({ kind: "inspect", declared, code, cursor })).text;
  }

  /** The names that fit at `cursor`: by their types, else those that a variable's value has at this moment. */
  async complete(code: string, cursor: number): Promise<Completions> {
    const { declared } = this;
    const typed = await this.compiler.ask({ kind: "complete", declared, code, cursor });
    const [, path, begun] =
      /([\p{ID_Start}$_][\p{ID_Continue}$.]*)\.([\p{ID_Continue}$]*)$/u.exec(code.slice(0, cursor)) ?? [];
    if (typed.names.length > 0 || path === undefined || begun === undefined) return typed;
    const names = (await this.main.keys(path.split("."))).filter((name) => name.startsWith(begun));
    return { start: cursor - begun.length, end: cursor, names, kinds: names.map(() => "property") };
  }

  async #prepare({ code, label, userExpressions }: CellRequest): Promise<Prepared> {
    const converted = await this.#convert(code, label, this.declared);
    if ("failure" in converted) return { converted, expressions: [] };
    const expressions: Expression[] = [];
    for (const [name, expression] of Object.entries(userExpressions)) {
      const result = await this.#convert(expression, "user_expression", converted.declared);
      expressions.push({ name, converted: result });
    }
    return { converted, expressions };
  }

  async #convert(code: string, label: string, declared: string): Promise<Converted> {
    try {
      const converted = await this.compiler.ask({ kind: "convert", declared, code, label });
      if ("program" in converted) this.#modules.push(...converted.program.modules);
      return converted;
    } catch (error) {
      const evalue = (error as Error).message;
      return { failure: { ename: "CompilerError", evalue, traceback: [evalue] } };
    }
  }

  async #unlessInterrupted<T>(work: Promise<T>): Promise<T | undefined> {
    const interrupted = new Promise<undefined>((resolve) => {
      this.#interrupted = () => {
        this.compiler.abandon();
        resolve(undefined);
      };
    });
    try {
      return await Promise.race([work, interrupted]);
    } finally {
      this.#interrupted = undefined;
    }
  }

  async #page(name: string): Promise<Outcome> {
    const known = name.startsWith("%") ? magicHelp(name) : await this.describe(name, name.length);
    const text = known ?? `${name}: not found`;
    return { payload: [{ source: "page", data: { "text/plain": text }, start: 0 }] };
  }
}

interface Prepared {
  readonly converted: Converted;
  readonly expressions: readonly Expression[];
}
