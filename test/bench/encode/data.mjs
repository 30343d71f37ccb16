// What both sides of the benchmark encode.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const cases = [
  "table: fit and encode",
  "table: encode new rows",
  "text: fit and encode",
  "text: encode new rows",
];

const widths = [3, 10, 50, 300, 1000];
const columns = 25;

/** The folder of the corpus of e-mails, whole messages as they were sent. */
export function emails(root) {
  return join(root, "node_modules", "@stdlib", "datasets-spam-assassin", "data");
}

/**
 * Writes a table once: 25 columns of categories of 3 to 1,000 levels, some frequent (the level is the square of a uniform
 * number), as numbers of levels `cN.u16`, and 25 of numbers, `xN.f64`. Returns the folder.
 */
export function writeTable(folder, rows) {
  if (existsSync(join(folder, "meta.json"))) return folder;
  mkdirSync(folder, { recursive: true });
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const wide = Array.from({ length: columns }, (_, j) => widths[j % widths.length]);
  wide.forEach((width, j) => {
    const levels = Uint16Array.from({ length: rows }, () => Math.floor(next() ** 2 * width));
    writeFileSync(join(folder, `c${j}.u16`), new Uint8Array(levels.buffer));
  });
  for (let j = 0; j < columns; j++) {
    const numbers = Float64Array.from({ length: rows }, () => 100 * next());
    writeFileSync(join(folder, `x${j}.f64`), new Uint8Array(numbers.buffer));
  }
  writeFileSync(join(folder, "meta.json"), JSON.stringify({ rows, widths: wide }));
  return folder;
}

/** The table as columns of texts and of numbers. */
export function readTable(folder) {
  const { rows, widths: wide } = JSON.parse(readFileSync(join(folder, "meta.json"), "utf8"));
  const bytes = (file) => new Uint8Array(readFileSync(join(folder, file))).buffer;
  const frame = {};
  wide.forEach((width, j) => {
    const levels = Array.from({ length: width }, (_, k) => `level ${k}`);
    frame[`c${j}`] = Array.from(new Uint16Array(bytes(`c${j}.u16`)), (k) => levels[k]);
  });
  for (let j = 0; j < wide.length; j++) frame[`x${j}`] = new Float64Array(bytes(`x${j}.f64`));
  frame.label = Uint8Array.from({ length: rows }, (_, i) => i & 1);
  return frame;
}
