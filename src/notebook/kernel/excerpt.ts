/** A place in a source: zero-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Text in bold. Not in red, which JupyterLab draws too faint for errors: contrast 2.7 in light themes, 2.1 (bold) in dark ones. */
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
    return [`  ${bold(">")} ${number} | ${text}`, `    ${" ".repeat(width)} | ${indent}${bold(marks)}`];
  });
  return shown.join("\n");
}
