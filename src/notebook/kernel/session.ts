import { setAmbientSignal } from "../../base/ambient-signal";
import { bundleOf } from "../display";
import { answer, describe } from "./answers";
import { type Compiler, loadCompiler } from "./compiler";
import { Executor } from "./executor";
import { interruption } from "./interruption";
import { bundleJson, type KernelTransport } from "./kernel-transport";
import type { Cell, FromMain, Outcome, Question } from "./link";
import { MapKeeper } from "./source-maps";
import { Sources } from "./sources";
import { failureOf, translateStacks } from "./traceback";

/** The thread that runs cells. What ends a cell is sent once: its own end or an interruption. */
export class CellSession {
  readonly #maps = new MapKeeper();
  readonly #sources = new Sources();
  readonly #executor: Executor;
  #compiler: Compiler | undefined;
  #running: number | undefined;
  /** Steps of the library that the running cell has started hear of its interruption. */
  #abort = new AbortController();

  constructor(
    readonly send: (message: FromMain) => void,
    readonly transport: KernelTransport,
  ) {
    translateStacks(this.#sources);
    this.#executor = new Executor(() => this.compiler(), this.#maps, this.#sources, process.cwd());
  }

  /** The compiler, loaded at its first use. */
  compiler(): Compiler {
    this.#compiler ??= loadCompiler(this.#maps, (content, update) =>
      this.transport.publishRaw(content, update),
    );
    return this.#compiler;
  }

  async execute(cell: Cell): Promise<void> {
    this.#running = cell.id;
    this.#abort = new AbortController();
    setAmbientSignal(this.#abort.signal);
    this.transport.allowStdin = cell.allowStdin;
    let outcome: Outcome;
    try {
      outcome = await this.#run(cell);
    } catch (thrown) {
      outcome = { failure: interrupted(thrown) ? interruption : failureOf(thrown) };
    }
    // A promise that the cell has rejected without a handler is reported before the cell ends.
    await new Promise((resolve) => setImmediate(resolve));
    this.#finish(cell.id, outcome);
  }

  /** Ends the running cell from outside; its own end, should it still come, is not sent. */
  interrupt(): void {
    if (this.#executor.converting) {
      this.#executor.converting = false;
      this.#compiler = undefined;
    }
    if (this.#running === undefined) return;
    this.#finish(this.#running, { failure: interruption });
    this.#abort.abort();
  }

  answer(question: Question): object {
    try {
      return answer(question, this.compiler(), this.#executor.declared);
    } catch (thrown) {
      return { status: "error", ...failureOf(thrown) };
    }
  }

  async #run({ code, label, userExpressions }: Cell): Promise<Outcome> {
    const asked = /^\s*\?{0,2}([\w$.]+)\?{1,2}\s*$/.exec(code)?.[1];
    if (asked !== undefined) return this.#page(asked);
    if (code.trim() === "") return {};
    const ran = await this.#executor.run(code, label);
    if ("failure" in ran) return ran;
    const bundle = ran.value === undefined ? {} : await bundleOf(ran.value);
    const result = Object.keys(bundle).length === 0 ? undefined : bundleJson(bundle);
    const expressions = await this.#evaluate(userExpressions);
    return {
      ...(result !== undefined && { result }),
      ...(expressions !== undefined && { userExpressions: expressions }),
    };
  }

  #page(name: string): Outcome {
    const text =
      describe(name, name.length, this.compiler(), this.#executor.declared) ?? `${name}: not found`;
    return { payload: [{ source: "page", data: { "text/plain": text }, start: 0 }] };
  }

  async #evaluate(expressions: Readonly<Record<string, string>>): Promise<string | undefined> {
    const names = Object.keys(expressions);
    if (names.length === 0) return undefined;
    const results: string[] = [];
    for (const name of names) {
      let result: string;
      try {
        const value = await this.#executor.evaluate(expressions[name]!);
        result = `{"status":"ok","metadata":{},"data":${bundleJson(await bundleOf(value))}}`;
      } catch (thrown) {
        result = JSON.stringify({ status: "error", ...failureOf(thrown) });
      }
      results.push(`${JSON.stringify(name)}:${result}`);
    }
    return `{${results.join(",")}}`;
  }

  #finish(cell: number, outcome: Outcome): void {
    if (this.#running !== cell) return;
    this.#running = undefined;
    this.send({ kind: "finished", cell, outcome });
  }
}

function interrupted(thrown: unknown): boolean {
  return (thrown as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}
