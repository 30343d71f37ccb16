import childProcess, { ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChildFiles } from "../protocol/child-output";

/** What happens around children that print to the notebook. */
interface ChildSteps {
  /** Files that stand for the kernel's own output; undefined where pipes must do. */
  readonly files: () => ChildFiles | undefined;
  /** Called when a child has ended. */
  readonly ended: () => void;
  /** Called as a call that waits for its child begins and ends. */
  readonly waiting: (begins: boolean) => void;
}

type Stdio = "inherit" | "pipe" | "overlapped" | "ignore" | readonly unknown[];
type Name = "stdout" | "stderr";
type Synchronous = "spawnSync" | "execFileSync" | "execSync";
type Spawn = (this: ChildProcess, options: { stdio?: Stdio }) => unknown;

const names: Readonly<Record<number, Name>> = { 1: "stdout", 2: "stderr" };

/** Makes children that inherit the kernel's output print to the notebook, whoever starts them. */
export function captureChildren(steps: ChildSteps): void {
  const prototype = ChildProcess.prototype as unknown as { spawn: Spawn };
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const { stdio, piped } = redirected(options.stdio, steps.files());
    const result = Reflect.apply(spawn, this, [{ ...options, stdio }]);
    if (stdio !== options.stdio && piped.length === 0) this.once("exit", steps.ended);
    forward(this, piped);
    return result;
  };
  for (const name of ["spawnSync", "execFileSync", "execSync"] as const) wrap(name, steps);
  syncBuiltinESMExports();
}

function wrap(name: Synchronous, steps: ChildSteps): void {
  const original = childProcess[name] as (...args: unknown[]) => unknown;
  const wrapped = (...args: unknown[]): unknown => {
    const at = args.findIndex((arg, i) => i > 0 && isOptions(arg));
    const options = at < 0 ? {} : (args[at] as { stdio?: Stdio });
    steps.waiting(true);
    try {
      if (redirected(options.stdio, undefined).piped.length === 0) return original(...args);
      return withFiles(steps, (files) =>
        original(
          ...args.map((arg, i) =>
            i === at ? { ...options, stdio: redirected(options.stdio, files).stdio } : arg,
          ),
        ),
      );
    } finally {
      steps.waiting(false);
    }
  };
  Object.defineProperty(wrapped, "name", { value: name });
  Object.assign(childProcess, { [name]: wrapped });
}

/** Where children can't be read while the thread waits for them, they write to files that are printed at their end. */
function withFiles<T>(steps: ChildSteps, call: (files: ChildFiles) => T): T {
  const files = steps.files();
  if (files !== undefined) {
    try {
      return call(files);
    } finally {
      steps.ended();
    }
  }
  const folder = mkdtempSync(join(tmpdir(), "logitpress-"));
  const path = (name: Name) => join(folder, name);
  const own = { stdout: openSync(path("stdout"), "w"), stderr: openSync(path("stderr"), "w") };
  try {
    return call(own);
  } finally {
    for (const name of ["stdout", "stderr"] as const) {
      closeSync(own[name]);
      process[name].write(readFileSync(path(name)));
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function isOptions(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `stdio` with what stands for the kernel's output replaced: the same value where nothing does. */
function redirected(
  stdio: Stdio | undefined,
  files: ChildFiles | undefined,
): { stdio: Stdio | undefined; piped: [number, Name][] } {
  const piped: [number, Name][] = [];
  const list = stdio === "inherit" ? ["inherit", "inherit", "inherit"] : stdio;
  if (!Array.isArray(list)) return { stdio, piped };
  const replaced = list.map((entry, at) => {
    const name = outputOf(entry, at);
    if (name === undefined) return entry;
    if (files !== undefined) return files[name];
    piped.push([at, name]);
    return "pipe";
  });
  return replaced.every((entry, at) => entry === list[at]) ? { stdio, piped } : { stdio: replaced, piped };
}

function outputOf(entry: unknown, at: number): Name | undefined {
  if (entry === "inherit") return names[at];
  if (typeof entry === "number") return names[entry];
  if (entry === process.stdout) return "stdout";
  return entry === process.stderr ? "stderr" : undefined;
}

/** Prints what a child writes to pipes, which its owner then does not see, as with inherited output. */
function forward(child: ChildProcess, piped: readonly [number, Name][]): void {
  for (const [at, name] of piped) {
    child.stdio[at]?.on("data", (bytes: Buffer) => process[name].write(bytes));
    if (at === 1) child.stdout = null;
    if (at === 2) child.stderr = null;
  }
}
