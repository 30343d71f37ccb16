import type { Diagnostic } from "tslab/dist/converter";
import type { Insertion } from "../shifts";

type TypeScript = typeof import("@tslab/typescript-for-tslab");
type Node = import("@tslab/typescript-for-tslab").Node;
type Declaration = import("@tslab/typescript-for-tslab").VariableDeclaration;

/** True of the errors of TypeScript that the type of something exported can't be written down. */
export function unnamed({ code }: Diagnostic): boolean {
  return [2527, 2742, 7056].includes(code) || (code >= 4020 && code <= 4110);
}

/**
 * The types to write down so that a cell passes whose only errors are that types can't be written down: what a cell
 * declares becomes a declaration for later ones, which its author never asked for. An imported module keeps its type;
 * others become `any`. Undefined where that is no remedy.
 */
export function annotations(
  typescript: TypeScript,
  code: string,
  diagnostics: readonly Diagnostic[],
): readonly Insertion[] | undefined {
  const file = typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest, true);
  const found = new Map<number, string>();
  for (const { start } of diagnostics) {
    const declaration = declarationAt(typescript, file, start.offset);
    if (declaration === undefined || declaration.type !== undefined) return undefined;
    found.set(declaration.name.end, `: ${typeOf(typescript, declaration)}`);
  }
  return [...found].sort(([a], [b]) => a - b).map(([offset, text]) => ({ offset, text }));
}

function declarationAt(typescript: TypeScript, file: Node, offset: number): Declaration | undefined {
  let result: Declaration | undefined;
  const visit = (node: Node): void => {
    if (offset < node.getStart() || offset >= node.end) return;
    if (typescript.isVariableDeclaration(node) && node.name.getStart() === offset) result = node;
    typescript.forEachChild(node, visit);
  };
  typescript.forEachChild(file, visit);
  return result;
}

function typeOf(typescript: TypeScript, { initializer }: Declaration): string {
  if (initializer === undefined || !typescript.isAwaitExpression(initializer)) return "any";
  const { expression } = initializer;
  if (!typescript.isCallExpression(expression)) return "any";
  const [module] = expression.arguments;
  const imports = expression.expression.kind === typescript.SyntaxKind.ImportKeyword;
  return imports && module && typescript.isStringLiteral(module)
    ? `typeof import(${module.getText()})`
    : "any";
}
