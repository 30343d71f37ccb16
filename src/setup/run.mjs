import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** An end that the user can mend: shown as one line, without a stack. */
export class Stop extends Error {}

/** Throws unless Node, by default this one, is recent enough. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Stop(`Node ${version} is too old; expected 20.19 or newer. Install it from nodejs.org.`);
}

/** Says what is under way, runs a command quietly, and throws with the end of its output where it fails. */
export function run(command, args, doing, env = {}) {
  const started = Date.now();
  process.stderr.write(`${doing} ... `);
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  });
  if (result.status === 0) {
    process.stderr.write(`${((Date.now() - started) / 1000).toFixed(1)} s\n`);
    return result.stdout;
  }
  process.stderr.write("failed\n");
  process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}`.split("\n").slice(-200).join("\n"));
  throw new Stop(
    `${doing} failed${result.error ? `: ${result.error.message}` : ` with exit code ${result.status}`}.`,
  );
}

/** A short hash of texts or bytes. */
export function hashOf(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex").slice(0, 16);
}

/** Does `work` unless `file` holds `stamp` already, and writes the stamp after it. */
export function once(file, stamp, work) {
  const path = join(root, file);
  if (readStamp(path) === stamp) return;
  work();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, stamp);
  renameSync(`${path}.new`, path);
}

function readStamp(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
