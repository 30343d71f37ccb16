type TypeScript = typeof import("@tslab/typescript-for-tslab");
type Node = import("@tslab/typescript-for-tslab").Node;
type TypeChecker = import("@tslab/typescript-for-tslab").TypeChecker;
type Functions = Pick<TypeScript, "createWatchProgram" | "visitEachChild">;

/**
 * The functions of TypeScript by which tslab's converter rewrites names of earlier cells, mended for shorthand
 * properties: `{ rows }` becomes `{ rows: exports.rows }`, where tslab 1.0.22 leaves `{ rows }`, a name that is not
 * defined.
 */
export function withShorthand(typescript: TypeScript): Functions {
  const { factory, isIdentifier, isShorthandPropertyAssignment } = typescript;
  const known = new WeakSet<TypeChecker>();
  let expanding = false;

  // Of a shorthand's name the checker gives the property; what is asked for here is the variable.
  const teach = (checker: TypeChecker): void => {
    if (known.has(checker)) return;
    known.add(checker);
    const original = checker.getSymbolAtLocation;
    checker.getSymbolAtLocation = (node) => {
      const parent = expanding && isIdentifier(node) ? typescript.getOriginalNode(node).parent : undefined;
      return parent !== undefined && isShorthandPropertyAssignment(parent)
        ? checker.getShorthandAssignmentValueSymbol(parent)
        : original(node);
    };
  };

  const createWatchProgram = (host: { afterProgramCreate?: (builder: never) => void }) => {
    const created = host.afterProgramCreate;
    host.afterProgramCreate = (builder: { getProgram(): { getTypeChecker(): TypeChecker } }) => {
      teach(builder.getProgram().getTypeChecker());
      created?.(builder as never);
    };
    return typescript.createWatchProgram(host as never);
  };

  const visitEachChild = (node: Node, visitor: (node: Node) => Node, ...rest: unknown[]): unknown => {
    if (!isShorthandPropertyAssignment(node)) {
      return Reflect.apply(typescript.visitEachChild, undefined, [node, visitor, ...rest]);
    }
    expanding = true;
    const value = visitor(node.name);
    expanding = false;
    if (value === node.name) return node;
    return factory.createPropertyAssignment(factory.createIdentifier(node.name.text), value as never);
  };

  return { createWatchProgram, visitEachChild } as unknown as Functions;
}
