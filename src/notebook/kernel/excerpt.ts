/** A place in a source: zero-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Text in red, as terminals and front ends write it. */
export const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
/** Text in bold. */
export const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;

const around = 2;

/** The lines around `place`, with the faulty stretch underlined. */
export function excerpt(code: string, { line, column }: Place, length: number): string {
  const lines = code.split("\n");
  const first = Math.max(0, line - around);
  const width = String(line + around + 1).length;
  const shown = lines.slice(first, line + around + 1).flatMap((text, i) => {
    const number = String(first + i + 1).padStart(width);
    if (first + i !== line) return [`    ${number} | ${text}`];
    const marks = "^".repeat(Math.max(1, Math.min(length, text.length - column)));
    const indent = text.slice(0, column).replace(/[^\t]/g, " ");
    return [`  ${red(">")} ${number} | ${text}`, `    ${" ".repeat(width)} | ${indent}${red(marks)}`];
  });
  return shown.join("\n");
}
