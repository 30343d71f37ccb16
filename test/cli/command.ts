import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { python, root } from "../python";

/** A cell of a test's notebook: its source, with tags where `print` isn't the one wanted. */
export type CellOfTest = string | { readonly source: string; readonly tags: readonly string[] };

/** The program that the command `logitpress` starts. */
export const program: string = join(root, "dist/src/cli/main.js");

/** A folder of its own for a test file. */
export function newFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `logitpress-${name}-`));
}

/** Runs the command in a folder, with the project's Python unless `env` says otherwise. */
export function command(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): SpawnSyncReturns<string> {
  const { VIRTUAL_ENV: _, CONDA_PREFIX: __, ...outside } = process.env;
  return spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: "utf8",
    env: { ...outside, LOGITPRESS_PYTHON: python, ...env },
  });
}

/** Writes a notebook and returns its name. */
export function writeNotebook(
  folder: string,
  name: string,
  cells: readonly CellOfTest[],
  kernel = "logitpress",
): string {
  const written = cells.map((cell, k) => ({
    cell_type: "code",
    id: `cell-${k}`,
    metadata: { tags: typeof cell === "string" ? ["print"] : cell.tags },
    source: typeof cell === "string" ? cell : cell.source,
    execution_count: null,
    outputs: [],
  }));
  const kernelspec = { name: kernel, display_name: kernel, language: "typescript" };
  const content = { cells: written, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  writeFileSync(join(folder, name), JSON.stringify(content));
  return name;
}
