import { dirname, posix } from "node:path";
import { packageRoot } from "../../../base/package-root";
import { findPackage } from "../packages";
import type { SourceFiles } from "./source-files";

type TypeScript = typeof import("@tslab/typescript-for-tslab");
type System = import("@tslab/typescript-for-tslab").System;
type Options = import("@tslab/typescript-for-tslab").CompilerOptions;
type Program = import("@tslab/typescript-for-tslab").Program;
type SourceFile = import("@tslab/typescript-for-tslab").SourceFile;
type Diagnostic = import("@tslab/typescript-for-tslab").Diagnostic;
type PlainDiagnostic = import("tslab/dist/converter").Diagnostic;
type WriteFile = import("@tslab/typescript-for-tslab").WriteFileCallback;
type Transformers = import("@tslab/typescript-for-tslab").CustomTransformers;

/** What tslab's converter makes its programs with, as it calls the two functions of TypeScript's watch mode. */
interface Host {
  readonly rootFiles: readonly string[];
  readonly options: Options;
  readonly sys: System;
  afterProgramCreate?: (builder: Builder) => void;
}

/** Parts of TypeScript that it does not declare. */
interface Internals {
  bindSourceFile(file: SourceFile, options: Options): void;
  getPreEmitDiagnosticsOfFiles(program: Program, sources: readonly SourceFile[]): readonly Diagnostic[];
}

interface Resolved extends SourceFile {
  readonly resolvedModules?: {
    forEach(
      visit: (resolution: { readonly resolvedModule?: { readonly resolvedFileName: string } }) => void,
    ): void;
  };
}

/** Where the converter finds what a file above the notebook's folder became, since it takes names below it alone. */
export const outsideFolder = "__outside__";

const outDir = "outDir";

/** Errors in modules above the notebook's folder, which the converter would pass over. */
export class OutsideErrors extends Error {
  constructor(readonly diagnostics: readonly PlainDiagnostic[]) {
    super("modules above the notebook's folder have errors");
  }
}

/**
 * TypeScript's watch mode as tslab's converter needs it, over source files that outlive a program: a program is made
 * when it is first asked for something that only a program knows, and takes over all that has not changed of the last.
 * (The converter announces each cell twice, first without its exports; of that version it reads the names alone.)
 */
export function watchFunctions(
  typescript: TypeScript,
  files: SourceFiles,
  onProgram: (program: Program) => void,
): Pick<TypeScript, "createWatchCompilerHost" | "createWatchProgram" | "getPreEmitDiagnosticsOfFiles"> {
  const createWatchCompilerHost = (rootFiles: string[], given: Options, sys: System): Host => {
    const folder = sys.getCurrentDirectory();
    const options: Options = {
      ...given,
      ...nodeTypes(given.typeRoots ?? []),
      // Modules without types for the older way of resolution are found by this one.
      moduleResolution: typescript.ModuleResolutionKind.Bundler,
      inlineSourceMap: true,
      // Modules above the notebook's folder may be imported, too.
      rootDir: rootOf(folder),
    };
    return { rootFiles, options, sys };
  };

  const createWatchProgram = (host: Host) => {
    let roots = host.rootFiles;
    let last: Program | undefined;
    const update = () => {
      const builder = new Builder(typescript, files, host, roots, last);
      builder.created = (program) => {
        last = program;
        onProgram(program);
      };
      host.afterProgramCreate?.(builder);
    };
    let announced: unknown;
    const announce = () => {
      if (announced !== undefined) host.sys.clearTimeout!(announced);
      announced = host.sys.setTimeout!(() => {
        announced = undefined;
        update();
      }, 0);
    };
    for (const root of roots) host.sys.watchFile!(root, announce);
    update();
    return {
      close: () => undefined,
      updateRootFileNames: (names: readonly string[]) => {
        roots = names;
        announce();
      },
    };
  };

  const getPreEmitDiagnosticsOfFiles = (program: Program, sources: readonly SourceFile[]): Diagnostic[] => {
    const internals = typescript as unknown as Internals;
    const found = internals.getPreEmitDiagnosticsOfFiles(program, sources);
    const outside = found.filter(({ file }) => file && !below(program.getCurrentDirectory(), file.fileName));
    if (outside.length > 0) throw new OutsideErrors(outside.map((d) => plain(typescript, d)));
    return [...found];
  };

  return { createWatchCompilerHost, createWatchProgram, getPreEmitDiagnosticsOfFiles } as never;
}

/** A program to be, with the methods of TypeScript's builder that the converter calls. */
class Builder {
  created: (program: Program) => void = () => undefined;
  #program: Program | undefined;
  #last: Program | undefined;
  readonly #sources = new Map<string, SourceFile>();

  constructor(
    readonly typescript: TypeScript,
    readonly files: SourceFiles,
    readonly host: Host,
    readonly roots: readonly string[],
    last: Program | undefined,
  ) {
    this.#last = last;
  }

  getSourceFile(path: string): SourceFile | undefined {
    if (this.#program !== undefined) return this.#program.getSourceFile(path);
    const file = this.#source(path);
    // The converter links files to others; binding them later would cut the link.
    if (file) (this.typescript as unknown as Internals).bindSourceFile(file, this.host.options);
    return file;
  }

  getProgram(): Program {
    if (this.#program === undefined) {
      const { typescript, host, roots } = this;
      const last = this.#last;
      this.#program = typescript.createProgram({
        rootNames: roots,
        options: host.options,
        host: this.#compilerHost(last) as never,
        ...(last && { oldProgram: last }),
      });
      // Otherwise each program would hold all before it.
      this.#last = undefined;
      this.created(this.#program);
      for (const file of this.#program.getSourceFiles()) this.#watch(file);
    }
    return this.#program;
  }

  /** The files that `source` imports, and theirs. */
  getAllDependencies(source: SourceFile): string[] {
    const program = this.getProgram();
    const found = new Map<string, SourceFile>([[source.fileName, source]]);
    for (const file of found.values()) {
      (file as Resolved).resolvedModules?.forEach(({ resolvedModule }) => {
        const next = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
        if (next && !next.isDeclarationFile) found.set(next.fileName, next);
      });
    }
    return [...found.keys()];
  }

  emit(file: SourceFile, write: WriteFile, token: undefined, only: undefined, transformers: Transformers) {
    const folder = this.host.sys.getCurrentDirectory();
    const renamed: WriteFile = (name, ...rest) => write(nameBelow(folder, name), ...rest);
    // What they do to a cell (keep its last expression) would spoil a module.
    const cell = this.roots.includes(file.fileName);
    return this.getProgram().emit(file, renamed, token, only, cell ? transformers : undefined);
  }

  /** A program sees one version of a file, however often it asks. */
  #source(path: string): SourceFile | undefined {
    const known = this.#sources.get(path);
    if (known !== undefined) return known;
    const file = this.files.get(path, this.host.options, this.host.sys);
    if (file !== undefined) this.#sources.set(path, file);
    return file;
  }

  #watch({ fileName, isDeclarationFile }: SourceFile): void {
    // The converter counts on being told when a module is to be emitted again.
    if (!isDeclarationFile && !this.roots.includes(fileName))
      this.host.sys.watchFile!(fileName, () => undefined);
  }

  #compilerHost(last: Program | undefined): object {
    const { typescript, host } = this;
    const { sys, options } = host;
    const stale = new Set(
      last
        ?.getSourceFiles()
        .filter(lacksModule)
        .map((file) => file.fileName),
    );
    return {
      getSourceFile: (path: string) => this.#source(path),
      getDefaultLibFileName: () =>
        posix.join(libFolder(typescript), typescript.getDefaultLibFileName(options)),
      getDefaultLibLocation: () => libFolder(typescript),
      getCurrentDirectory: () => sys.getCurrentDirectory(),
      getCanonicalFileName: (name: string) => name,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => "\n",
      fileExists: sys.fileExists,
      readFile: sys.readFile,
      directoryExists: sys.directoryExists,
      getDirectories: sys.getDirectories,
      readDirectory: sys.readDirectory,
      realpath: sys.realpath,
      writeFile: () => undefined,
      // What was not found the last time may be there by now.
      hasInvalidatedResolutions: (path: string) => stale.has(path),
    };
  }
}

/**
 * Of the packages of global types, those of Node alone: the notebook's own, or those of this package, not the older
 * ones of tslab. (TypeScript would take all that other packages happen to have brought along.)
 */
function nodeTypes(roots: readonly string[]): Options {
  const tslabs = roots.find((root) => root.endsWith("/tslab/node_modules/@types"));
  const own = tslabs && findPackage("@types/node", packageRoot());
  return { types: ["node"], ...(own !== undefined && { typeRoots: [dirname(own)] }) };
}

function below(folder: string, path: string): boolean {
  return !posix.relative(folder, path).startsWith("..");
}

function plain(
  typescript: TypeScript,
  { file, start = 0, length = 0, messageText, category, code }: Diagnostic,
) {
  const at = (offset: number) => ({ offset, ...typescript.getLineAndCharacterOfPosition(file!, offset) });
  return {
    start: at(start),
    end: at(start + length),
    messageText: typescript.flattenDiagnosticMessageText(messageText, "\n"),
    category,
    code,
    fileName: file!.fileName,
  };
}

function lacksModule(file: SourceFile): boolean {
  let lacks = false;
  (file as Resolved).resolvedModules?.forEach(({ resolvedModule }) => {
    lacks ||= resolvedModule === undefined;
  });
  return lacks && !file.fileName.includes("/node_modules/");
}

function libFolder({ sys }: TypeScript): string {
  return posix.dirname(sys.getExecutingFilePath().replaceAll("\\", "/"));
}

function rootOf(folder: string): string {
  return /^([a-z]:)?\//i.exec(folder)?.[0] ?? "/";
}

/** The name of an emitted file as it would be if the notebook's folder were the root of the program. */
function nameBelow(folder: string, name: string): string {
  const path = rootOf(folder) + name.slice(outDir.length + 1);
  return below(folder, path)
    ? `${outDir}/${posix.relative(folder, path)}`
    : `${outDir}/${outsideFolder}/${name.slice(outDir.length + 1)}`;
}
