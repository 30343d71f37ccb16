import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { Expected } from "../../train/warm-up";
import { isSvmlight } from "./table";

/** Bytes of a file's beginning that are looked at. */
const looked = 2 ** 16;

/** What a file is taken to hold where its beginning tells nothing. */
const unknown: Expected = { kind: "dense", rows: 500, columns: 30, stored: 30, classes: 2 };

/**
 * What a file of data will hold, guessed from its name, its size and its first rows. Nothing rests on it but how long the first
 * fit takes, so whatever is wrong with the file is left for the reader to say.
 * @param label the column of labels of a table
 */
export function expectedOf(path: string, label: string | undefined): Expected {
  const delimiter = /\.tsv$/i.test(path) ? "\t" : ",";
  const told = isSvmlight(path) ? valuesOf : /\.[ct]sv$/i.test(path) ? cellsOf(delimiter, label) : null;
  const { size, lines } = beginningOf(path);
  const found = told === null || lines.length < 2 ? null : told(lines);
  if (found === null) return { ...unknown, rows: Math.ceil(size / 256) };
  const length = lines.reduce((sum, line) => sum + line.length + 1, 0) / lines.length;
  return { ...found, rows: Math.ceil(size / length) };
}

/** A file's size and its first lines, but for the last, which may be cut; nothing of a pipe, from which what is read is gone. */
function beginningOf(path: string): { size: number; lines: string[] } {
  try {
    const found = statSync(path);
    if (!found.isFile()) return { size: 0, lines: [] };
    const { size } = found;
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(looked);
      const text = bytes.toString("latin1", 0, readSync(file, bytes, 0, looked, 0));
      return { size, lines: text.split(/\r?\n/).slice(0, -1) };
    } finally {
      closeSync(file);
    }
  } catch {
    return { size: 0, lines: [] };
  }
}

type Told = Omit<Expected, "rows">;

function valuesOf(lines: readonly string[]): Told {
  const labels = new Set<string>();
  let columns = 1;
  let stored = 0;
  for (const line of lines) {
    const fields = line.trim().split(/\s+/);
    labels.add(fields[0]);
    stored += fields.length - 1;
    columns = Math.max(columns, Number.parseInt(fields[fields.length - 1], 10) || 1);
  }
  const average = Math.max(1, Math.round(stored / lines.length));
  return { kind: "csr", columns, stored: Math.min(average, columns), classes: Math.max(2, labels.size) };
}

function cellsOf(delimiter: string, label: string | undefined): (lines: readonly string[]) => Told | null {
  return ([header, ...lines]) => {
    const names = header.split(delimiter);
    const own = names.findIndex((name) => name.replace(/^"|"$/g, "") === label);
    const rows = lines.map((line) => line.split(delimiter));
    const plain = (cell: string, j: number) => j === own || Number.isFinite(Number(cell));
    if (own < 0 || names.length < 2 || !rows[0].every(plain)) return null;
    const columns = names.length - 1;
    const classes = Math.max(2, new Set(rows.map((cells) => cells[own])).size);
    return { kind: "dense", columns, stored: columns, classes };
  };
}
