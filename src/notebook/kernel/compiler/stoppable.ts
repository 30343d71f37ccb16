type TypeScript = typeof import("@tslab/typescript-for-tslab");
type SourceFile = import("@tslab/typescript-for-tslab").SourceFile;
type Factory = import("@tslab/typescript-for-tslab").TransformerFactory<SourceFile>;
type Node = import("@tslab/typescript-for-tslab").Node;
type Expression = import("@tslab/typescript-for-tslab").Expression;

/**
 * Sends what is awaited past the kernel, which does not come back from it once the cell was interrupted (see
 * `awaiting.ts`): `await x` becomes `k.back(await k.one(x))`, `for await (… of x)` becomes
 * `for await (… of k.each(x))`, where `k` is `globalThis[Symbol.for("logitpress.awaiting")]`.
 *
 * @param onTop called where one stands outside of all functions
 */
export function stoppableAwaits(typescript: TypeScript, onTop: () => void): Factory {
  const { factory } = typescript;
  const called = (method: "one" | "back" | "each", awaited: Expression): Expression => {
    const name = (text: string) => factory.createIdentifier(text);
    const symbol = factory.createCallExpression(
      factory.createPropertyAccessExpression(name("Symbol"), "for"),
      undefined,
      [factory.createStringLiteral("logitpress.awaiting")],
    );
    const kernel = factory.createElementAccessExpression(name("globalThis"), symbol);
    return factory.createCallExpression(factory.createPropertyAccessExpression(kernel, method), undefined, [
      awaited,
    ]);
  };
  const awaits = (node: Node): boolean =>
    typescript.isAwaitExpression(node) ||
    (typescript.isForOfStatement(node) && node.awaitModifier !== undefined);
  return (context) => {
    let functions = 0;
    const visit = (node: Node): Node => {
      const inner = typescript.isFunctionLike(node) ? 1 : 0;
      functions += inner;
      const visited = typescript.visitEachChild(node, visit, context);
      functions -= inner;
      if (functions === 0 && awaits(visited)) onTop();
      if (typescript.isAwaitExpression(visited)) {
        return called("back", factory.updateAwaitExpression(visited, called("one", visited.expression)));
      }
      if (awaits(visited) && typescript.isForOfStatement(visited)) {
        const { awaitModifier, initializer, expression, statement } = visited;
        return factory.updateForOfStatement(
          visited,
          awaitModifier,
          initializer,
          called("each", expression),
          statement,
        );
      }
      return visited;
    };
    return (file) => typescript.visitNode(file, visit) as SourceFile;
  };
}
