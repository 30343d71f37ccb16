import { setAmbientSignal } from "../../../base/ambient-signal";
import { bundleOf } from "../../render";
import { Interrupted, interruption } from "../interruption";
import type { Cell, Expression, FromMain, Outcome } from "../link";
import { enterCell, stopCell } from "./awaiting";
import { Executor } from "./executor";
import { bundleJson, type KernelTransport } from "./kernel-transport";
import { keysOf } from "./keys";
import { Sources } from "./sources";
import { failureOf, translateStacks } from "./traceback";

/** The thread that runs cells. What ends a cell is sent once: its own end or an interruption. */
export class CellSession {
  readonly #executor: Executor;
  #running: number | undefined;
  /** Steps of the library that the running cell has started hear of its interruption. */
  #abort = new AbortController();

  constructor(
    readonly send: (message: FromMain) => void,
    readonly transport: KernelTransport,
  ) {
    const sources = new Sources();
    translateStacks(sources);
    this.#executor = new Executor(sources, process.cwd(), () => send({ kind: "packages" }));
  }

  async execute(cell: Cell): Promise<void> {
    this.#running = cell.id;
    this.transport.cell = cell.id;
    enterCell(cell.id);
    this.#abort = new AbortController();
    setAmbientSignal(this.#abort.signal);
    this.transport.allowStdin = cell.allowStdin;
    let outcome: Outcome;
    try {
      outcome = await this.#run(cell);
    } catch (thrown) {
      outcome = { failure: thrown instanceof Interrupted ? interruption : failureOf(thrown) };
    }
    // A promise that the cell has rejected without a handler is reported before the cell ends.
    await new Promise((resolve) => setImmediate(resolve));
    this.#finish(cell.id, outcome);
  }

  /** Ends the running cell from outside; its own end, should it still come, is not sent. */
  interrupt(): void {
    if (this.#running === undefined) return;
    const cell = this.#running;
    stopCell(cell);
    // What listeners show belongs to the cell, and a front end takes nothing of a cell that has ended.
    this.#abort.abort();
    this.#finish(cell, { failure: interruption });
  }

  /** The names of the properties of a variable's value. */
  keys(path: readonly string[]): string[] {
    try {
      return keysOf(this.#executor.scope, path);
    } catch {
      // A proxy may refuse to be looked at.
      return [];
    }
  }

  async #run({ program, expressions }: Cell): Promise<Outcome> {
    const value = await this.#executor.run(program);
    const bundle = value === undefined ? {} : await bundleOf(value);
    const result = Object.keys(bundle).length === 0 ? undefined : bundleJson(bundle);
    return {
      ...(result !== undefined && { result }),
      ...(expressions.length > 0 && { userExpressions: await this.#evaluate(expressions) }),
    };
  }

  async #evaluate(expressions: readonly Expression[]): Promise<string> {
    const results: string[] = [];
    for (const { name, converted } of expressions) {
      results.push(`${JSON.stringify(name)}:${await this.#result(converted)}`);
    }
    return `{${results.join(",")}}`;
  }

  async #result(converted: Expression["converted"]): Promise<string> {
    if ("failure" in converted) return JSON.stringify({ status: "error", ...converted.failure });
    try {
      const value = await this.#executor.run(converted.program);
      return `{"status":"ok","metadata":{},"data":${bundleJson(await bundleOf(value))}}`;
    } catch (thrown) {
      return JSON.stringify({ status: "error", ...failureOf(thrown) });
    }
  }

  #finish(cell: number, outcome: Outcome): void {
    if (this.#running !== cell) return;
    this.#running = undefined;
    this.send({ kind: "finished", cell, outcome });
  }
}
