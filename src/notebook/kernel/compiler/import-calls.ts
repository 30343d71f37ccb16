type TypeScript = typeof import("@tslab/typescript-for-tslab");
type SourceFile = import("@tslab/typescript-for-tslab").SourceFile;
type Factory = import("@tslab/typescript-for-tslab").TransformerFactory<SourceFile>;
type Node = import("@tslab/typescript-for-tslab").Node;

/** Turns `import(x)` into `require.import(x)`: TypeScript would make it a `require`, which not every module allows. */
export function importCalls(typescript: TypeScript): Factory {
  const { factory, SyntaxKind } = typescript;
  return (context) => {
    const visit = (node: Node): Node => {
      const visited = typescript.visitEachChild(node, visit, context);
      if (!typescript.isCallExpression(visited) || visited.expression.kind !== SyntaxKind.ImportKeyword) {
        return visited;
      }
      const called = factory.createPropertyAccessExpression(factory.createIdentifier("require"), "import");
      return factory.updateCallExpression(visited, called, undefined, visited.arguments);
    };
    return (file) => typescript.visitNode(file, visit) as SourceFile;
  };
}
