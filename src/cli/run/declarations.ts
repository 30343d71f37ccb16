type TypeScript = typeof import("@tslab/typescript-for-tslab");
type Node = import("@tslab/typescript-for-tslab").Node;
type Expression = import("@tslab/typescript-for-tslab").Expression;
type BindingName = import("@tslab/typescript-for-tslab").BindingName;
type SourceFile = import("@tslab/typescript-for-tslab").SourceFile;

/** A variable that a cell declares at its top level. */
export interface Declaration {
  readonly name: string;
  readonly keyword: "const" | "let" | "var";
  /** Its annotation, else the type of a literal default; undefined where neither says it. */
  readonly type?: string;
}

/** The variables that a cell of TypeScript declares, in their order. */
export function declarationsOf(source: string): Declaration[] {
  const ts = typescript();
  const file = ts.createSourceFile("parameters.ts", source, ts.ScriptTarget.ES2022, true);
  return file.statements.filter(ts.isVariableStatement).flatMap(({ declarationList: list }) => {
    const keyword = list.flags & ts.NodeFlags.Const ? "const" : list.flags & ts.NodeFlags.Let ? "let" : "var";
    return list.declarations.flatMap(({ name, type, initializer }) =>
      ts.isIdentifier(name)
        ? [{ name: name.text, keyword, type: type?.getText(file) ?? typeOf(ts, file, initializer) } as const]
        : namesOf(ts, name).map((each) => ({ name: each, keyword }) as const),
    );
  });
}

/** Whether a word can be declared as a variable. */
export function isVariableName(word: string): boolean {
  const ts = typescript();
  const { statements, ...file } = ts.createSourceFile("name.ts", `let ${word}`, ts.ScriptTarget.ES2022, true);
  const [only] = statements;
  const faults = (file as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics;
  if (faults.length > 0 || statements.length !== 1 || !ts.isVariableStatement(only)) return false;
  const [{ name, initializer, type }] = only.declarationList.declarations;
  return initializer === undefined && type === undefined && ts.isIdentifier(name) && name.text === word;
}

function typescript(): TypeScript {
  return require("@tslab/typescript-for-tslab") as TypeScript;
}

function namesOf(ts: TypeScript, pattern: BindingName): string[] {
  if (ts.isIdentifier(pattern)) return [pattern.text];
  return pattern.elements.flatMap((element) =>
    ts.isBindingElement(element) ? namesOf(ts, element.name) : [],
  );
}

function typeOf(ts: TypeScript, file: SourceFile, value: Expression | undefined): string | undefined {
  if (value === undefined) return undefined;
  const inner = (node: Expression) => typeOf(ts, file, node);
  if (ts.isParenthesizedExpression(value) || ts.isSatisfiesExpression(value)) return inner(value.expression);
  if (ts.isAsExpression(value))
    return ts.isConstTypeReference(value.type) ? undefined : value.type.getText(file);
  if (ts.isPrefixUnaryExpression(value)) return sign(ts, value.operator) ? inner(value.operand) : undefined;
  if (ts.isNumericLiteral(value)) return "number";
  if (ts.isBigIntLiteral(value)) return "bigint";
  if (ts.isStringLiteralLike(value) || ts.isTemplateExpression(value)) return "string";
  if (isBoolean(ts, value)) return "boolean";
  if (ts.isArrayLiteralExpression(value)) {
    const types = value.elements.map(inner);
    if (types.includes(undefined)) return undefined;
    return types.length === 0 ? "any[]" : `(${[...new Set(types)].join(" | ")})[]`;
  }
  if (!ts.isObjectLiteralExpression(value)) return undefined;
  const members = value.properties.map((property) => {
    if (!ts.isPropertyAssignment(property) || ts.isComputedPropertyName(property.name)) return undefined;
    const type = inner(property.initializer);
    return type === undefined ? undefined : `${property.name.getText(file)}: ${type}`;
  });
  return members.includes(undefined) ? undefined : `{ ${members.join("; ")} }`;
}

function sign(ts: TypeScript, operator: number): boolean {
  return operator === ts.SyntaxKind.MinusToken || operator === ts.SyntaxKind.PlusToken;
}

function isBoolean(ts: TypeScript, { kind }: Node): boolean {
  return kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword;
}
