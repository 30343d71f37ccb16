import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { python, root } from "../python";

/** What a cell gave. */
export interface Output {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A cell of a notebook. */
export interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly outputs: readonly Output[];
  readonly execution_count: number | null;
}

/** The cells of a notebook of the repository. */
export function cellsOf(name: string): Cell[] {
  return read(join(root, "notebooks", `${name}.ipynb`));
}

/** The cells of code of a notebook, executed in a folder below `home`, which gets what it writes. */
export async function executed(name: string, home: string): Promise<Cell[]> {
  return (await ran(name, home)).cells;
}

/** The same, and what the command printed. */
export async function ran(
  name: string,
  home: string,
): Promise<{ readonly cells: Cell[]; readonly printed: string }> {
  mkdirSync(join(home, "notebooks"), { recursive: true });
  const notebook = join(home, "notebooks", `${name}.ipynb`);
  cpSync(join(root, "notebooks", `${name}.ipynb`), notebook);
  const output = join(home, "executed.ipynb");
  const args = [join(root, "dist/src/cli/main.js"), "run", notebook, "--output", output];
  const env = { ...process.env, LOGITPRESS_PYTHON: python };
  const child = spawn(process.execPath, args, { cwd: home, env, stdio: ["ignore", "pipe", "inherit"] });
  const [printed, [status]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  assert.equal(status, 0);
  return { cells: read(output).filter((cell) => cell.cell_type === "code"), printed };
}

/** The source of a cell. */
export function sourceOf({ source }: Cell): string {
  return [source].flat().join("");
}

/** What outputs show, but for how long things took and how a text table pads that. */
export function untimed(outputs: readonly Output[]): string {
  return JSON.stringify(outputs)
    .replace(/\d[\d.,]*(?:\/s| (?:µs|ms|s)\/it)\b/g, "some rate")
    .replace(/ *(?:\d+ h )?(?:\d+ min )?\d[\d.]* (?:µs|ms|s)\b/g, " some time")
    .replace(/ +/g, " ");
}

function read(path: string): Cell[] {
  return (JSON.parse(readFileSync(path, "utf8")) as { cells: Cell[] }).cells;
}
