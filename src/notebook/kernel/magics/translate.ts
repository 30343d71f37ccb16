import type { Failure } from "../messages";
import { blank, type Insertion, inserted, type Shift } from "../shifts";
import { boundary, reads } from "./boundary";
import { cellMagics, lineMagics, magicNamed } from "./list";
import { call, timedIteration, timedStatement } from "./timed";
import { unknownMagic } from "./unknown";

type TypeScript = typeof import("@tslab/typescript-for-tslab");

/** A cell after its magics have become TypeScript. */
export interface Translated {
  readonly code: string;
  /** Where its columns are not those of the cell; its lines are. */
  readonly shifts: readonly Shift[];
  /** True of a cell that begins with `%%time`. */
  readonly timed: boolean;
}

/** A line that is a magic. */
interface MagicLine {
  readonly name: string;
  readonly argument: string;
  /** Where the line starts, where its argument does, and where it ends. */
  readonly start: number;
  readonly argumentStart: number;
  readonly end: number;
}

/** Most cells have no such line and are done with. */
const mayHold = /^[%!]/m;
const cellHead = /^\s*%%(\w*)[ \t]*(.*)/;

/** Names in scope: of the session, of the cell, of Node. */
export type Known = (name: string) => boolean;

/**
 * The TypeScript that a cell stands for: a line `%name argument` or `!command` becomes a call of the magic, `%%name` in the
 * first line takes the whole cell. A line is a magic where TypeScript could not stand: its first column holds the sign, the
 * statement before it is complete, and what follows `!` is no name in scope. Cells without such lines stay as they are.
 */
export function translate(
  code: string,
  typescript: TypeScript,
  known: Known,
): Translated | { failure: Failure } {
  if (!mayHold.test(code)) return { code, shifts: [], timed: false };
  const cell = cellHead.exec(code);
  if (cell !== null) return translateCell(code, cell, typescript, known);
  const lines = magicLines(code, typescript, known);
  if ("failure" in lines) return lines;
  if (lines.length === 0) return { code, shifts: [], timed: false };
  return { ...translateLines(code, lines, typescript), timed: false };
}

/** The cell with its magics blanked out, each character by a space: for questions about places in the rest. */
export function blanked(code: string, typescript: TypeScript, known: Known): string {
  if (!mayHold.test(code)) return code;
  const cell = cellHead.exec(code);
  if (cell !== null && !takesCode(cell[1]!)) return blank(code, 0, code.length);
  const rest = cell === null ? code : blank(code, 0, cell[0].length);
  const lines = magicLines(rest, typescript, known);
  if ("failure" in lines) return rest;
  return lines.reduce(
    (text, { name, start, argumentStart, end }) => blank(text, start, takesCode(name) ? argumentStart : end),
    rest,
  );
}

function takesCode(name: string): boolean {
  return name === "time" || name === "timeit";
}

function translateCell(
  code: string,
  [whole, name, argument]: RegExpExecArray,
  typescript: TypeScript,
  known: Known,
): Translated | { failure: Failure } {
  if (magicNamed(cellMagics, name!) === undefined) return { failure: unknownMagic("%%", name!, cellMagics) };
  const head = whole!;
  if (!takesCode(name!)) {
    const body = code.slice(head.length).replace(/^\r?\n/, "");
    const line = head.split("\n").length - 1;
    const text = call("cell", name!, argument!.trim(), body);
    return {
      code: `${"\n".repeat(line)}${text}`,
      shifts: [{ line, column: 0, by: text.length }],
      timed: false,
    };
  }
  const inner = translate(blank(code, 0, head.length), typescript, known);
  if ("failure" in inner || name === "time") return "failure" in inner ? inner : { ...inner, timed: true };
  return { ...timedIteration(inner.code, typescript), shifts: inner.shifts, timed: false };
}

function magicLines(
  code: string,
  typescript: TypeScript,
  known: Known,
): readonly MagicLine[] | { failure: Failure } {
  const found: MagicLine[] = [];
  // What stands before a line is judged without the magics in it.
  let before = code;
  for (const match of code.matchAll(/^(?:%(\w+)(?:[ \t]+(.*))?|!(?![=(![{`"'\d+-])[ \t]*(\S.*))$/gm)) {
    const [text, name, argument = "", command] = match as unknown as [string, string?, string?, string?];
    const start = match.index;
    const place = boundary(before.slice(0, start), typescript);
    if (place === "inside") continue;
    const word = name ?? /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(command!)?.[0];
    const magic = name === undefined || magicNamed(lineMagics, name) !== undefined;
    const end = start + text.length;
    // After a statement without a semicolon a percent sign may go on with it.
    if (
      name !== undefined &&
      place === "open" &&
      known(name) &&
      reads(before.slice(0, end), start, typescript)
    ) {
      continue;
    }
    if (!magic && place === "open") continue;
    if (name === undefined && word !== undefined && known(word)) continue;
    if (!magic) return { failure: unknownMagic("%", name!, lineMagics) };
    const given = (name === undefined ? command! : argument).trimEnd();
    const argumentStart = start + text.length - (name === undefined ? command! : argument).length;
    found.push({ name: name ?? "!", argument: given, start, argumentStart, end });
    before = blank(before, start, takesCode(name ?? "") ? argumentStart : end);
  }
  return found;
}

function translateLines(
  code: string,
  lines: readonly MagicLine[],
  typescript: TypeScript,
): { code: string; shifts: readonly Shift[] } {
  let text = code;
  for (const { name, start, argumentStart, end } of lines) {
    text = blank(text, start, takesCode(name) ? argumentStart : end);
  }
  const insertions = lines.flatMap(({ name, argument, start, argumentStart }): readonly Insertion[] => {
    if (takesCode(name)) return timedStatement(text, argumentStart, name, typescript);
    return [{ offset: start, text: call("line", name, argument) }];
  });
  return inserted(text, insertions);
}
