type TypeScript = typeof import("@tslab/typescript-for-tslab");
type SourceFile = import("@tslab/typescript-for-tslab").SourceFile;
type TextRange = import("@tslab/typescript-for-tslab").TextRange;
type Node = import("@tslab/typescript-for-tslab").Node;

/** A node with the comments on it: null where they were let go. */
interface Documented extends Node {
  jsDoc?: Node[] | null;
}

/** Parts of TypeScript that it does not declare. */
interface Internals {
  readonly objectAllocator: {
    getSymbolConstructor(): { readonly prototype: Record<string, (...given: unknown[]) => unknown> };
    getSignatureConstructor(): { readonly prototype: Record<string, (...given: unknown[]) => unknown> };
  };
  getJSDocCommentRanges(node: Node, text: string): readonly TextRange[] | undefined;
  parseIsolatedJSDocComment(
    text: string,
    start: number,
    length: number,
  ): { readonly jsDoc: Node } | undefined;
  setParentRecursive(node: Node, incremental: boolean): void;
}

interface Declared {
  readonly declarations?: readonly Node[];
  readonly declaration?: Node;
}

/**
 * The comments that document libraries: half of what TypeScript keeps of them, and none of what it checks by. They are let
 * go of, and those of a declaration read again when somebody asks for its documentation.
 */
export class Docs {
  readonly #internals: Internals;

  constructor(readonly typescript: TypeScript) {
    this.#internals = typescript as unknown as Internals;
    const { objectAllocator } = this.#internals;
    const symbols = objectAllocator.getSymbolConstructor().prototype;
    const signatures = objectAllocator.getSignatureConstructor().prototype;
    const ways = [
      "DocumentationComment",
      "ContextualDocumentationComment",
      "JsDocTags",
      "ContextualJsDocTags",
    ];
    for (const way of ways) for (const all of [symbols, signatures]) this.#readBefore(all, `get${way}`);
  }

  /** Lets go of all comments in a bound file. */
  letGo(file: SourceFile): void {
    const visit = (node: Documented): void => {
      if (node.jsDoc) node.jsDoc = null;
      this.typescript.forEachChild(node, visit);
    };
    visit(file);
  }

  #readBefore(methods: Record<string, (...given: unknown[]) => unknown>, name: string): void {
    const original = methods[name];
    if (original === undefined) return;
    const read = (asked: Declared) => this.#readAll(asked);
    methods[name] = function (this: Declared, ...given) {
      read(this);
      return Reflect.apply(original, this, given);
    };
  }

  #readAll({ declarations = [], declaration }: Declared): void {
    for (const node of declaration === undefined ? declarations : [declaration, ...declarations]) {
      // What documents a variable or a parameter stands before what it is a part of.
      for (let at = node; at.parent !== undefined; at = at.parent) this.#read(at);
    }
  }

  #read(node: Documented): void {
    // An empty list is what TypeScript makes of none.
    if (node.jsDoc === undefined || (node.jsDoc !== null && node.jsDoc.length > 0)) return;
    const { getJSDocCommentRanges, parseIsolatedJSDocComment, setParentRecursive } = this.#internals;
    const { text } = node.getSourceFile();
    const docs: Node[] = [];
    for (const { pos, end } of getJSDocCommentRanges(node, text) ?? []) {
      const doc = parseIsolatedJSDocComment(text, pos, end - pos)?.jsDoc;
      if (doc === undefined) continue;
      Object.assign(doc, { parent: node });
      setParentRecursive(doc, false);
      docs.push(doc);
    }
    node.jsDoc = docs;
  }
}
