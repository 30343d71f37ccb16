type TypeScript = typeof import("@tslab/typescript-for-tslab");

interface Fault {
  readonly start: number;
  readonly length: number;
  readonly code: number;
}

const unterminatedTemplate = 1160;
const unterminatedComment = 1010;

/**
 * What a new line after `code` would be: `start` of a statement; `open` after a statement that has no semicolon and might
 * go on; `inside` of a statement, a template or a comment.
 */
export function boundary(code: string, typescript: TypeScript): "start" | "open" | "inside" {
  const text = code.trimEnd();
  if (text === "") return "start";
  const file = typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest, true);
  const incomplete = faultsOf(file).some(
    ({ start, length, code: fault }) =>
      start + length >= text.length || fault === unterminatedTemplate || fault === unterminatedComment,
  );
  if (incomplete) return "inside";
  const last = file.statements.at(-1);
  if (last === undefined) return "start";
  const words = last.getText();
  return words.endsWith(";") || words.endsWith("}") ? "start" : "open";
}

/** Whether `code` can be read as TypeScript from `start` on. */
export function reads(code: string, start: number, typescript: TypeScript): boolean {
  const file = typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest);
  return faultsOf(file).every((fault) => fault.start < start);
}

function faultsOf(file: object): readonly Fault[] {
  return (file as { parseDiagnostics: readonly Fault[] }).parseDiagnostics;
}
