import { type ChildProcess, spawn } from "node:child_process";
import { ambientSignal } from "../../../base/ambient-signal";
import { fail } from "../../../base/errors";

const windows = process.platform === "win32";

/** A program to run, or a line for the user's shell. */
interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
  /** What stands on its standard input, which is empty otherwise. */
  readonly input?: string;
  readonly shell: boolean;
  readonly folder?: string;
}

/**
 * Runs a command, whose output appears below the cell as it comes. When the cell is interrupted, the command and all that
 * it has started end.
 *
 * @throws {LogitpressError} `failed` where it can't be started or ends with another code than 0
 */
export async function runCommand(command: Command): Promise<void> {
  const { program, input, shell, folder } = command;
  const child = spawn(program, [...command.arguments], {
    shell,
    stdio: [input === undefined ? "ignore" : "pipe", "inherit", "inherit"],
    // A group of its own, which can be ended as a whole.
    detached: !windows,
    ...(folder !== undefined && { cwd: folder }),
  });
  const stop = () => end(child);
  const signal = ambientSignal();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const code = await ended(child, input);
    if (code === 0) return;
    fail("failed", { thing: "command", value: program, expected: `exit code 0, not ${code}` });
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function ended(child: ChildProcess, input: string | undefined): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
    // It may end before it has read all.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    if (windows) spawn("taskkill", ["/pid", String(child.pid), "/t", "/f"], { stdio: "ignore" });
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
