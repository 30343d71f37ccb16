import { spawn } from "node:child_process";
import { constants } from "node:os";
import { scriptPath } from "../script";
import type { Injection } from "./inject";

/** What the Python program that executes notebooks is asked. */
interface Request {
  readonly notebook: string;
  readonly html: string | null;
  readonly output: string | null;
  readonly timeout: number | null;
  readonly injection: Injection | null;
  /** The path of plotly, for the page. */
  readonly plotly: string | null;
  readonly json: boolean;
}

/**
 * Executes a notebook by Python's nbclient and returns the exit code. The program stops the kernel when its standard
 * input ends, so also when this process is killed.
 */
export function execute(python: string, request: Request): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [scriptPath("run/run_notebook.py")], {
      stdio: ["pipe", "inherit", "inherit"],
      // Ctrl-C reaches it by way of this process alone; on Windows that would open a window.
      detached: process.platform !== "win32",
    });
    let stopped: NodeJS.Signals | undefined;
    const stop = (signal: NodeJS.Signals): void => {
      stopped ??= signal;
      child.stdin.end();
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const signal of signals) process.on(signal, stop);
    const settle = (): void => {
      for (const signal of signals) process.off(signal, stop);
    };
    child.stdin.on("error", () => undefined);
    child.stdin.write(`${JSON.stringify(request)}\n`);
    child.on("error", (error) => {
      settle();
      reject(error);
    });
    child.on("exit", (code) => {
      settle();
      child.stdin.destroy();
      resolve(stopped === undefined ? (code ?? 1) : 128 + constants.signals[stopped]);
    });
  });
}
