import { posix } from "node:path";
import { DeclaredFile } from "./declared-file";

type TypeScript = typeof import("@tslab/typescript-for-tslab");
type System = import("@tslab/typescript-for-tslab").System;
type Options = import("@tslab/typescript-for-tslab").CompilerOptions;
type SourceFile = import("@tslab/typescript-for-tslab").SourceFile;

interface Kept {
  readonly version: string;
  readonly file: SourceFile;
}

/**
 * Parsed files, kept from program to program: those of packages until {@link forget}, others while their text stays
 * the same.
 */
export class SourceFiles {
  readonly #kept = new Map<string, Kept>();

  /** What earlier cells declare. */
  readonly declared: DeclaredFile;

  constructor(readonly typescript: TypeScript) {
    this.declared = new DeclaredFile(typescript);
  }

  get(path: string, options: Options, sys: System): SourceFile | undefined {
    const kept = this.#kept.get(path);
    if (kept !== undefined && lasting(path)) return kept.file;
    const text = sys.readFile(path);
    if (text === undefined) {
      this.#kept.delete(path);
      return undefined;
    }
    if (kept?.version === text) return kept.file;
    if (path === posix.join(sys.getCurrentDirectory(), "__prev__.d.ts"))
      return versioned(this.declared.get(path, text, options));
    const file = versioned(this.typescript.createSourceFile(path, text, options.target!, false));
    this.#kept.set(path, { file, version: lasting(path) ? "" : text });
    return file;
  }

  /** Lets packages be read again: they may have changed. */
  forget(): void {
    for (const path of this.#kept.keys()) {
      if (lasting(path) && !path.includes("/typescript-for-tslab/")) this.#kept.delete(path);
    }
  }
}

let versions = 0;

/** The file with a version of its own: TypeScript reuses what it knows of a file whose version it has seen. */
function versioned(file: SourceFile): SourceFile {
  const { version } = file as unknown as { version?: string };
  return version === undefined ? Object.assign(file, { version: String(++versions) }) : file;
}

function lasting(path: string): boolean {
  return path.includes("/node_modules/");
}
