import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** A folder to be put in place, or to be removed where `write` is left out. */
export interface Replacement {
  readonly target: string;
  /** Fills a new folder. */
  readonly write?: (folder: string) => void;
}

interface Staged extends Replacement {
  readonly staging: string;
  /** What has happened to the target so far, for the way back. */
  state: "untouched" | "cleared" | "replaced";
  hadOld: boolean;
}

const prefix = ".logitpress-";
const forgottenAfter = 10 * 60_000;

/**
 * Replaces or removes folders, all of them or none: each is written beside its target first, then changed by renames,
 * which a failure takes back. What a killed installation left beside a target is cleared.
 */
export function replaceFolders(replacements: readonly Replacement[]): void {
  const staged: Staged[] = [];
  let safe = true;
  try {
    for (const replacement of replacements) staged.push(stage(replacement));
    try {
      staged.forEach(change);
    } catch (error) {
      safe = false;
      for (const one of [...staged].reverse()) takeBack(one);
      safe = true;
      throw error;
    }
  } finally {
    if (safe) for (const { staging } of staged) rmSync(staging, { recursive: true, force: true });
  }
}

function stage({ target, write }: Replacement): Staged {
  const parent = dirname(target);
  mkdirSync(parent, { recursive: true });
  clearForgotten(parent);
  // Two levels, so that Jupyter doesn't list a staged kernelspec.
  const staging = mkdtempSync(join(parent, prefix));
  try {
    if (write !== undefined) {
      mkdirSync(join(staging, "new"));
      write(join(staging, "new"));
    }
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    throw error;
  }
  return { target, write, staging, state: "untouched", hadOld: false };
}

function change(one: Staged): void {
  one.hadOld = renameIfThere(one.target, join(one.staging, "old"));
  one.state = "cleared";
  if (one.write === undefined) return;
  renameSync(join(one.staging, "new"), one.target);
  one.state = "replaced";
}

function takeBack({ target, staging, state, hadOld }: Staged): void {
  if (state === "replaced") renameSync(target, join(staging, "new"));
  if (state !== "untouched" && hadOld) renameSync(join(staging, "old"), target);
}

function renameIfThere(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return false;
  }
}

function clearForgotten(parent: string): void {
  for (const name of readdirSync(parent)) {
    const path = join(parent, name);
    if (!name.startsWith(prefix) || Date.now() - statSync(path).mtimeMs < forgottenAfter) continue;
    rmSync(path, { recursive: true, force: true });
  }
}
