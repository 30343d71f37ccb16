type TypeScript = typeof import("@tslab/typescript-for-tslab");
type Node = import("@tslab/typescript-for-tslab").Node;
type TypeChecker = import("@tslab/typescript-for-tslab").TypeChecker;

/** The functions that {@link withShorthand} mends. */
interface Mended {
  readonly visitEachChild: TypeScript["visitEachChild"];
  /** To be called with the checker of each program. */
  teach(checker: TypeChecker): void;
}

/**
 * The functions of TypeScript by which tslab's converter rewrites names of earlier cells, mended for shorthand
 * properties: `{ rows }` becomes `{ rows: exports.rows }`, where tslab 1.0.22 leaves `{ rows }`, a name that is not
 * defined.
 */
export function withShorthand(typescript: TypeScript): Mended {
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

  return { visitEachChild: visitEachChild as TypeScript["visitEachChild"], teach };
}
