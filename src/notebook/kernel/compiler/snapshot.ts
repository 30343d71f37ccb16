import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../../base/errors";
import { packageRoot } from "../../../base/package-root";
import { bundle } from "./bundle";

/**
 * A heap that grows in small steps, since a cell leaves a whole program of TypeScript behind; and code that is optimized late, since most
 * of TypeScript runs a few times a cell, so that optimizing it costs more time and memory than it saves. A snapshot
 * belongs to the flags it was built with.
 */
export const compilerFlags: readonly string[] = [
  "--heap-growing-percent=20",
  "--max-semi-space-size=4",
  "--sparkplug",
  // Node 22 and later have it no more.
  ...(Number.parseInt(process.versions.node, 10) < 22 ? ["--interrupt-budget=10000000"] : []),
];

const folder = (): string => join(packageRoot(), "dist", "snapshot");

/**
 * Where the compiler's start-up snapshot for this Node lies, once it is built; `LOGITPRESS_SNAPSHOT` names another
 * file, and where there is none the compiler starts without.
 */
export function snapshotFile(): string {
  const { LOGITPRESS_SNAPSHOT: other } = process.env;
  if (other !== undefined) return other;
  // The paths of the libraries are part of it.
  const place = createHash("sha256").update(packageRoot()).digest("hex").slice(0, 8);
  return join(folder(), `${process.version}-${process.platform}-${process.arch}-${place}.blob`);
}

/** Builds the snapshot unless it is there. Returns why that can't be done: the kernel works without, only slower. */
export function trySnapshot(): string | undefined {
  try {
    if (!existsSync(snapshotFile())) buildSnapshot();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Builds the start-up snapshot of the compiler (Node's `--build-snapshot`): TypeScript with its parsed libraries. It
 * takes some three seconds and 40 MB.
 *
 * @returns its path
 * @throws {LogitpressError} `failed` with what Node says
 */
function buildSnapshot(): string {
  const file = snapshotFile();
  mkdirSync(folder(), { recursive: true });
  const staging = mkdtempSync(join(folder(), ".new-"));
  try {
    const script = join(staging, "compiler.js");
    const blob = join(staging, "compiler.blob");
    writeFileSync(script, bundle(join(__dirname, "process.js")));
    const args = [...compilerFlags, "--snapshot-blob", blob, "--build-snapshot", script];
    const { status, stderr, error } = spawnSync(process.execPath, args, { cwd: staging, encoding: "utf8" });
    if (status !== 0 || !existsSync(blob)) {
      fail("failed", { thing: "start-up snapshot", remedy: error?.message ?? stderr.slice(-2000) });
    }
    renameSync(blob, file);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return file;
}
