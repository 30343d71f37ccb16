import { bold } from "../excerpt";
import type { Failure } from "../messages";
import type { Magic } from "./list";

/** The failure of a cell with a magic that there is not. */
export function unknownMagic(sign: "%" | "%%", name: string, list: readonly Magic[]): Failure {
  const names = list.map((magic) => magic.name);
  const near = names
    .filter((other) => distance(name, other) <= 2)
    .sort((a, b) => distance(name, a) - distance(name, b));
  const expected =
    near.length > 0
      ? `Did you mean ${sign}${near[0]}?`
      : `There are ${names.map((n) => sign + n).join(", ")}.`;
  const evalue = `unknown magic: ${sign}${name}. ${expected}`;
  return { ename: "UnknownMagic", evalue, traceback: [`${bold("UnknownMagic")}: ${evalue}`] };
}

/** How many letters differ (Levenshtein, 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + change));
    }
    row = next;
  }
  return row[b.length]!;
}
