import { namesOf } from "./declared-names";

type TypeScript = typeof import("@tslab/typescript-for-tslab");
type Options = import("@tslab/typescript-for-tslab").CompilerOptions;
type Plain = import("@tslab/typescript-for-tslab").SourceFile;
type Statement = import("@tslab/typescript-for-tslab").Statement;
type Symbol = import("@tslab/typescript-for-tslab").Symbol;
type Printer = import("@tslab/typescript-for-tslab").Printer;

type Locals = import("@tslab/typescript-for-tslab").SymbolTable;

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** A file with what TypeScript does not declare of it. */
interface File extends Open<Plain> {
  locals?: Locals | undefined;
  readonly parseDiagnostics: readonly unknown[];
}

interface Kept {
  /** As it stands in the file, unless names of it were cut away. */
  readonly text: string;
  /** How many names it declared when it had that text. */
  readonly names: number;
}

/** The least text that is read anew to get rid of what is no longer declared. */
const leastWaste = 1 << 14;

/**
 * The file of what earlier cells declare, which tslab's converter takes, cuts down to what a cell leaves of it, and prints
 * after each cell. What stays is neither parsed, bound nor printed again: of the text that comes next only what is
 * before it is new, and a file is put together of both. Its text goes on growing at its end and has gaps, since nodes
 * keep their places in it; when half of it is gaps, and wherever a text is not understood so, it is read whole.
 */
export class DeclaredFile {
  #file: File | undefined;
  /** What `#file` was asked for, or, after it was cut, how it was printed. */
  #text = "";
  #cut = false;
  readonly #kept = new WeakMap<Statement, Kept>();

  constructor(readonly typescript: TypeScript) {}

  /** The file with `text`, whose first line makes it a module. */
  get(path: string, text: string, options: Options): Plain {
    const last = this.#file;
    if (last !== undefined && !this.#cut && this.#text === text) return last;
    const grown = last && this.#cut ? this.#grown(last, path, text, options) : undefined;
    this.#file = grown ?? this.#whole(path, text, options);
    this.#text = text;
    this.#cut = false;
    return this.#file;
  }

  /** Lets the file be read whole: it may have been cut halfway. */
  forget(): void {
    this.#file = undefined;
  }

  /** `createPrinter` of TypeScript with printers that know this file. */
  createPrinter: TypeScript["createPrinter"] = (...options) => {
    const printer = this.typescript.createPrinter(...options);
    return {
      ...printer,
      printFile: (file) => (file === this.#file ? this.#print(printer, file) : printer.printFile(file)),
    };
  };

  #print(printer: Printer, file: Plain): string {
    const texts = file.statements.map((statement) => {
      const known = this.#kept.get(statement);
      const names = namesOf(this.typescript, statement).length;
      if (known?.names === names) return known.text;
      const { Unspecified } = this.typescript.EmitHint;
      const text = `${printer.printNode(Unspecified, statement, file)}\n`;
      this.#kept.set(statement, { text, names });
      return text;
    });
    this.#text = texts.join("");
    this.#cut = true;
    return this.#text;
  }

  #whole(path: string, text: string, options: Options): File {
    const file = this.#bound(path, text, options);
    this.#keep(file, file.statements);
    return file;
  }

  /** The file of `text` made of what was left of the last and what is new; undefined where that is no such text. */
  #grown(last: File, path: string, text: string, options: Options): File | undefined {
    if (!text.endsWith(this.#text) || last.text.length > 2 * text.length + leastWaste) return undefined;
    const fresh = text.slice(0, text.length - this.#text.length);
    // Behind as many blanks its nodes have the places that they shall have.
    const added = this.#bound(path, " ".repeat(last.text.length) + fresh, options);
    if (added.parseDiagnostics.length > 0 || added.referencedFiles.length > 0) return undefined;
    const [, ...first] = added.statements;
    const locals = this.#locals([...first, ...last.statements]);
    if (locals === undefined) return undefined;
    this.#keep(added, first);

    const file = this.#bound(path, fresh.slice(0, fresh.indexOf("\n") + 1), options);
    const statements = [...file.statements, ...first, ...last.statements];
    for (const statement of statements) (statement as Open<Statement>).parent = file;
    file.statements = this.typescript.factory.createNodeArray(statements);
    file.locals = locals;
    file.text = last.text + fresh;
    file.end = file.text.length;
    Object.assign(file.endOfFileToken, { pos: file.end, end: file.end });
    file.flags |= last.flags | added.flags;
    file.typeReferenceDirectives = united(last.typeReferenceDirectives, added.typeReferenceDirectives);
    file.libReferenceDirectives = united(last.libReferenceDirectives, added.libReferenceDirectives);
    return file;
  }

  #bound(path: string, text: string, options: Options): File {
    const { typescript } = this;
    const file = typescript.createSourceFile(path, text, options.target!, false);
    const { bindSourceFile } = typescript as unknown as {
      bindSourceFile(file: Plain, options: Options): void;
    };
    bindSourceFile(file, options);
    return file as unknown as File;
  }

  /** The symbols by name; undefined where a name has several, or declarations that are gone or not known here. */
  #locals(statements: readonly Statement[]): Locals | undefined {
    const locals: Locals = new Map();
    const declarations = new Map<Symbol, number>();
    for (const statement of statements) {
      const names = namesOf(this.typescript, statement);
      if (names.length === 0) return undefined;
      for (const { symbol } of names) {
        if ((locals.get(symbol.escapedName) ?? symbol) !== symbol) return undefined;
        locals.set(symbol.escapedName, symbol);
        declarations.set(symbol, (declarations.get(symbol) ?? 0) + 1);
      }
    }
    for (const [symbol, count] of declarations) if (symbol.declarations?.length !== count) return undefined;
    return locals;
  }

  #keep(file: File, statements: readonly Statement[]): void {
    for (const statement of statements) {
      const text = `${file.text.slice(statement.pos, statement.end).trim()}\n`;
      this.#kept.set(statement, { text, names: namesOf(this.typescript, statement).length });
    }
  }
}

function united<T extends { readonly fileName: string }>(
  some: readonly T[],
  others: readonly T[],
): readonly T[] {
  const known = new Set(some.map(({ fileName }) => fileName));
  return [...some, ...others.filter(({ fileName }) => !known.has(fileName))];
}
