import type { Place } from "./excerpt";

/** From `column` of `line` on, what runs stands `by` columns further right than in the cell as it was written. */
export interface Shift {
  readonly line: number;
  readonly column: number;
  readonly by: number;
}

/** A text to put in at an offset. */
export interface Insertion {
  readonly offset: number;
  /** Without line ends. */
  readonly text: string;
}

/** The cell with the insertions, which stand in their order, and the shifts that they make. */
export function inserted(
  code: string,
  insertions: readonly Insertion[],
): { readonly code: string; readonly shifts: readonly Shift[] } {
  let result = "";
  let from = 0;
  const shifts: Shift[] = [];
  for (const { offset, text } of insertions) {
    result += code.slice(from, offset);
    from = offset;
    const line = result.split("\n").length - 1;
    shifts.push({ line, column: result.length - (result.lastIndexOf("\n") + 1), by: text.length });
    result += text;
  }
  return { code: result + code.slice(from), shifts };
}

/** The place in the cell as it was written; `steps` are the shifts of one step after the other. */
export function unshifted(place: Place, steps: readonly (readonly Shift[])[]): Place {
  return steps.reduceRight(unshiftedOnce, place);
}

function unshiftedOnce({ line, column }: Place, shifts: readonly Shift[]): Place {
  let back = 0;
  for (const shift of shifts) {
    if (shift.line === line && shift.column <= column) back += Math.min(shift.by, column - shift.column);
  }
  return { line, column: column - back };
}

/** The code with a stretch blanked out, each character by a space; lines and columns stay. */
export function blank(code: string, from: number, to: number): string {
  return code.slice(0, from) + code.slice(from, to).replace(/[^\r\n]/g, " ") + code.slice(to);
}
