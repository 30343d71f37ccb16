import { blank } from "../shifts";

type TypeScript = typeof import("@tslab/typescript-for-tslab");

/**
 * The cell with the word `export` before its declarations blanked out, place for place: what cells declare is known to
 * later ones as it is, and code that was written for a module runs unchanged.
 */
export function withoutExports(code: string, typescript: TypeScript): string {
  if (!/\bexport\b/.test(code)) return code;
  const { SyntaxKind } = typescript;
  const file = typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest, true);
  let result = code;
  for (const statement of file.statements) {
    const modifiers = typescript.canHaveModifiers(statement) ? typescript.getModifiers(statement) : undefined;
    if (modifiers?.some(({ kind }) => kind === SyntaxKind.DefaultKeyword)) continue;
    const word = modifiers?.find(({ kind }) => kind === SyntaxKind.ExportKeyword);
    if (word !== undefined) result = blank(result, word.getStart(), word.end);
    // `export { a }` says nothing more; with a module it also imports.
    const list = typescript.isExportDeclaration(statement) && statement.moduleSpecifier === undefined;
    if (list) result = blank(result, statement.getStart(), statement.end);
  }
  return result;
}
