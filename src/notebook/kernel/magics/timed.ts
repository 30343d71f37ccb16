import type { Insertion } from "../shifts";
import { magicsKey } from "./key";

type TypeScript = typeof import("@tslab/typescript-for-tslab");
type Statement = import("@tslab/typescript-for-tslab").Statement;
type Node = import("@tslab/typescript-for-tslab").Node;

const type =
  "{ begin(): number; end<T>(begun: number, value: T): T; stop(): void; " +
  "timeit(run: () => unknown): Promise<void>; line(...texts: string[]): Promise<void>; cell(...texts: string[]): Promise<void> }";
const magics = `(globalThis as unknown as Record<symbol, ${type}>)[Symbol.for("${magicsKey}")]!`;

/** The TypeScript that calls a magic. */
export function call(method: "line" | "cell", ...texts: readonly string[]): string {
  return `await ${magics}.${method}(${texts.map((text) => JSON.stringify(text)).join(", ")});`;
}

/** What is put around the statement that starts at `offset`, so that its value, its type and its awaits stay. */
export function timedStatement(
  code: string,
  offset: number,
  name: string,
  typescript: TypeScript,
): readonly Insertion[] {
  const file = typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest, true);
  const statement = file.statements.find((node) => node.getStart() >= offset);
  if (statement === undefined || statement.getStart() > lineEnd(code, offset)) return [];
  if (name === "timeit") return iterated(statement, typescript);
  const timed = timedPart(statement, typescript);
  if (timed === undefined) {
    return [
      { offset: statement.getStart(), text: `${magics}.begin(); ` },
      { offset: statement.end, text: `; ${magics}.stop();` },
    ];
  }
  return [
    { offset: timed.getStart(), text: `${magics}.end(${magics}.begin(), (` },
    { offset: timed.end, text: "))" },
  ];
}

/** The whole cell as the body of a function that is run many times. */
export function timedIteration(code: string, typescript: TypeScript): { code: string } {
  const awaits = holdsAwait(
    typescript.createSourceFile("cell.ts", code, typescript.ScriptTarget.Latest, true),
    typescript,
  );
  // The first line is blank: it held the magic.
  return { code: `await ${magics}.timeit(${awaits ? "async " : ""}() => {${code}\n});` };
}

function iterated(statement: Statement, typescript: TypeScript): readonly Insertion[] {
  const awaits = holdsAwait(statement, typescript) ? "async " : "";
  const end = statement.getText().endsWith(";") ? statement.end - 1 : statement.end;
  const [open, close] = typescript.isExpressionStatement(statement) ? ["(", ")"] : ["{", "}"];
  return [
    { offset: statement.getStart(), text: `await ${magics}.timeit(${awaits}() => ${open}` },
    { offset: end, text: `${close})` },
  ];
}

function timedPart(statement: Statement, typescript: TypeScript): Node | undefined {
  if (typescript.isExpressionStatement(statement)) return statement.expression;
  if (!typescript.isVariableStatement(statement)) return undefined;
  const { declarations } = statement.declarationList;
  return declarations.length === 1 ? declarations[0]!.initializer : undefined;
}

function holdsAwait(node: Node, typescript: TypeScript): boolean {
  if (typescript.isFunctionLike(node)) return false;
  if (typescript.isAwaitExpression(node)) return true;
  if (typescript.isForOfStatement(node) && node.awaitModifier !== undefined) return true;
  return typescript.forEachChild(node, (child) => holdsAwait(child, typescript) || undefined) ?? false;
}

function lineEnd(code: string, offset: number): number {
  const end = code.indexOf("\n", offset);
  return end < 0 ? code.length : end;
}
