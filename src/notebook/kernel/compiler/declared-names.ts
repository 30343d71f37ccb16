type TypeScript = typeof import("@tslab/typescript-for-tslab");
type Statement = import("@tslab/typescript-for-tslab").Statement;
type Import = import("@tslab/typescript-for-tslab").ImportDeclaration;
type Node = import("@tslab/typescript-for-tslab").Node;
type Symbol = import("@tslab/typescript-for-tslab").Symbol;

/** What declares a name, bound. */
type Naming = Node & { readonly symbol: Symbol };

/** The declarations in a statement, one a name; none where it is not of a kind that later cells keep. */
export function namesOf(typescript: TypeScript, statement: Statement): readonly Naming[] {
  if (typescript.isVariableStatement(statement))
    return statement.declarationList.declarations as unknown as Naming[];
  if (typescript.isImportDeclaration(statement)) return imported(typescript, statement) as Naming[];
  const single =
    typescript.isFunctionDeclaration(statement) ||
    typescript.isClassDeclaration(statement) ||
    typescript.isInterfaceDeclaration(statement) ||
    typescript.isTypeAliasDeclaration(statement) ||
    typescript.isEnumDeclaration(statement);
  return single ? [statement as unknown as Naming] : [];
}

function imported(typescript: TypeScript, { importClause }: Import): Node[] {
  if (importClause === undefined) return [];
  const { name, namedBindings } = importClause;
  const own = name === undefined ? [] : [importClause];
  if (namedBindings === undefined) return own;
  return [
    ...own,
    ...(typescript.isNamespaceImport(namedBindings) ? [namedBindings] : namedBindings.elements),
  ];
}
