type TypeScript = typeof import("@tslab/typescript-for-tslab");
type Node = import("@tslab/typescript-for-tslab").Node;

/** The names that TypeScript, as far as it can be read, declares anywhere in `code`. */
export function declaredNames(code: string, typescript: TypeScript): Set<string> {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    const { name } = node as { name?: Node };
    if (name !== undefined && typescript.isIdentifier(name) && !typescript.isPropertyAccessExpression(node)) {
      names.add(name.text);
    }
    typescript.forEachChild(node, visit);
  };
  visit(typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest));
  return names;
}

/** True of words that no command can be confused with: reserved words and names of Node. */
export function isWordOfLanguage(word: string, typescript: TypeScript): boolean {
  const { stringToToken } = typescript as unknown as { stringToToken(text: string): number | undefined };
  const token = stringToToken(word);
  const { FirstReservedWord, LastReservedWord, AwaitKeyword, AsyncKeyword } = typescript.SyntaxKind;
  const reserved = token !== undefined && token >= FirstReservedWord && token <= LastReservedWord;
  return reserved || token === AwaitKeyword || token === AsyncKeyword || word in globalThis;
}
