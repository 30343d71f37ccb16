import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { compilerFlags, snapshotFile } from "../compiler/snapshot";
import type { CompilerAnswers, CompilerRequest } from "../program";

interface Waiting {
  readonly line: string;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  /** How often it was sent to a process that ended before it answered. */
  lost: number;
}

const mostLost = 2;
const patienceMilliseconds = 2000;

/**
 * The process that checks and converts cells: beside the one that runs them, so that it answers while a cell computes.
 * It is started from a snapshot in which TypeScript has parsed its libraries, or where that is missing or refused by
 * this Node, from the same code without it, at last without flags that another Node may not know. A process that ends is started again.
 */
export class Compiler {
  #process: ChildProcess | undefined;
  /** Node's arguments, from the quickest way to start it to the surest. */
  readonly #ways: (readonly string[])[];
  readonly #waiting: Waiting[] = [];

  /** @param folder the notebook's, in which its imports are looked for */
  constructor(readonly folder: string) {
    const file = snapshotFile();
    const script = join(__dirname, "..", "compiler", "process.js");
    this.#ways = [[...compilerFlags, "--snapshot-blob", file], [...compilerFlags, script], [script]];
    if (!existsSync(file)) this.#ways.shift();
    this.#start();
  }

  ask<R extends CompilerRequest>(request: R): Promise<CompilerAnswers[R["kind"]]> {
    return new Promise((resolve, reject) => {
      const waiting = { line: `${JSON.stringify(request)}\n`, resolve, reject, lost: 0 };
      this.#waiting.push(waiting);
      if (this.#process === undefined) this.#start();
      else this.#process.stdin!.write(waiting.line);
    });
  }

  /** Starts anew where what is asked is not answered in a moment: nobody waits for it any more. */
  abandon(): void {
    const asked = this.#waiting[0];
    if (asked === undefined) return;
    asked.lost = mostLost;
    const late = () => this.#waiting[0] === asked && this.#process?.kill("SIGKILL");
    setTimeout(late, patienceMilliseconds).unref();
  }

  #start(): void {
    const child = spawn(process.execPath, [...this.#ways[0]!], {
      cwd: this.folder,
      stdio: ["pipe", "pipe", this.#ways.length > 1 ? "ignore" : "inherit"],
    });
    this.#process = child;
    let ready = false;
    let rest = "";
    child.stdout!.setEncoding("utf8");
    child.stdout!.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        if (ready) this.#answer(line);
        ready = true;
      }
    });
    // It may end before it has read what it is asked.
    child.stdin!.on("error", () => undefined);
    child.on("error", () => this.#ended(child, ready));
    child.on("exit", () => this.#ended(child, ready));
    for (const { line } of this.#waiting) child.stdin!.write(line);
  }

  #answer(line: string): void {
    const { resolve, reject } = this.#waiting.shift()!;
    const { answer, error } = JSON.parse(line) as { answer?: unknown; error?: string };
    if (error === undefined) resolve(answer as never);
    else reject(new Error(error));
  }

  #ended(child: ChildProcess, ready: boolean): void {
    if (this.#process !== child) return;
    this.#process = undefined;
    if (!ready && this.#ways.length > 1) this.#ways.shift();
    else if (this.#waiting[0] !== undefined && ++this.#waiting[0].lost >= mostLost) {
      this.#waiting.shift()!.reject(new Error("the compiler ended before it had answered"));
    }
    if (this.#waiting.length > 0) this.#start();
  }
}
