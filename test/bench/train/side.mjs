// A side of the benchmark: a process that answers requests, one JSON object a line, in order.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { python } from "./data.mjs";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

/** A process that keeps one data set in memory. */
export class Side {
  #process;
  #lines;
  #ended;
  #said = "";
  /** Whether the process has ended. */
  gone = false;

  /** @param who "ours" or "peers" */
  constructor(who, data, folder) {
    const [command, args] =
      who === "ours"
        ? [process.execPath, ["--max-old-space-size=8192", file("ours.mjs"), data]]
        : [python, ["-W", "ignore", file("peers.py"), folder]];
    this.#process = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#process.stderr.on("data", (text) => {
      this.#said = `${this.#said}${text}`.slice(-2000);
    });
    this.#process.stdin.on("error", () => {});
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#ended = new Promise((resolve) => {
      this.#process.once("exit", resolve);
    });
  }

  /** The answer; `{ failed }` where the process ends or takes longer than `seconds`, after which it is gone. */
  async ask(request, seconds = 3600) {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve("late"), 1000 * seconds);
    });
    const line = await Promise.race([this.#answer(), late]);
    clearTimeout(timer);
    if (line === "late") {
      this.end();
      return { failed: `more than ${Math.round(seconds)} s`, gone: true };
    }
    if (line === undefined) {
      this.gone = true;
      return { failed: this.#said.trim().split("\n").at(-1) || "ended without a word", gone: true };
    }
    return JSON.parse(line);
  }

  /** The first line that is an object; what a library prints beside is left out. */
  async #answer() {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) return undefined;
      if (value.startsWith('{"')) return value;
    }
  }

  end() {
    this.gone = true;
    this.#process.kill("SIGKILL");
    return this.#ended;
  }
}

/** Where a side leaves the weights of its last fit. */
export const tablePath = (who) => join(tmpdir(), `logitpress-weights-${who}-${process.pid}.f64`);

/** The weights that a side left, and takes the file away. */
export function takeTable(path) {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  rmSync(path);
  return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
}
