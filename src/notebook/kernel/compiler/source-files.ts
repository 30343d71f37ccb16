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

  constructor(readonly typescript: TypeScript) {}

  get(path: string, options: Options, sys: System): SourceFile | undefined {
    const kept = this.#kept.get(path);
    if (kept !== undefined && lasting(path)) return kept.file;
    const text = sys.readFile(path);
    if (text === undefined) {
      this.#kept.delete(path);
      return undefined;
    }
    if (kept?.version === text) return kept.file;
    const file = this.typescript.createSourceFile(path, text, options.target!, false);
    // TypeScript reuses what it knows of a file whose version it has seen.
    (file as unknown as { version: string }).version = String(++versions);
    this.#kept.set(path, { file, version: lasting(path) ? "" : text });
    return file;
  }

  /** Lets one file be parsed again, even where its text stays: tslab's converter cuts what earlier cells declare. */
  drop(path: string): void {
    this.#kept.delete(path);
  }

  /** Lets packages be read again: they may have changed. */
  forget(): void {
    for (const path of this.#kept.keys()) {
      if (lasting(path) && !path.includes("/typescript-for-tslab/")) this.#kept.delete(path);
    }
  }
}

let versions = 0;

function lasting(path: string): boolean {
  return path.includes("/node_modules/");
}
