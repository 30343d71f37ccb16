import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { ClusterPlace } from "./place";

/** The mark by which a process of a place is known again: numbers of processes are used anew. */
export function markOf(place: ClusterPlace): string {
  return `-Dlogitpress.spark=${place.folder}`;
}

/** The options of every Java of a place: its mark, and temporary files below its folder, so that none stay elsewhere. */
export function javaOptions(place: ClusterPlace): string {
  return `${markOf(place)} -Djava.io.tmpdir=${place.path("tmp")} -XX:-UsePerfData`;
}

/** Starts a program that outlives this one; what it prints goes to a log of the place. */
export function launch(
  place: ClusterPlace,
  name: string,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): number {
  const log = openSync(place.path("logs", `${name}.log`), "w", 0o600);
  const child = spawn(program, args, { cwd: place.folder, env, detached: true, stdio: ["ignore", log, log] });
  child.on("error", () => undefined);
  child.unref();
  closeSync(log);
  return child.pid ?? 0;
}

/** Whether a process runs and is one of the place's. */
export function isOurs(place: ClusterPlace, pid: number): boolean {
  const { stdout, status } = spawnSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], {
    encoding: "utf8",
  });
  return status === 0 && stdout.includes(markOf(place));
}

/** Ends processes of the place, by force where they do not heed in time. Returns those that ran. */
export async function end(place: ClusterPlace, pids: readonly number[]): Promise<number[]> {
  const running = pids.filter((pid) => isOurs(place, pid));
  for (const pid of running) signal(pid, "SIGTERM");
  for (let waited = 0; waited < 150 && running.some((pid) => isOurs(place, pid)); waited++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  for (const pid of running.filter((one) => isOurs(place, one))) signal(pid, "SIGKILL");
  return running;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended in the meantime.
  }
}
