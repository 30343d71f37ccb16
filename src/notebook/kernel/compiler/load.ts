import { MapKeeper } from "./map-keeper";
import { withPackages } from "./overlay";
import { watchFunctions } from "./programs";
import { withShorthand } from "./shorthand";
import { SourceFiles } from "./source-files";
import type { WatchedFiles } from "./watched-files";

/** The TypeScript of tslab. */
type TypeScript = typeof import("@tslab/typescript-for-tslab");
type Converter = import("tslab/dist/converter").Converter;

/** tslab's converter with the parts of TypeScript that the kernel itself needs. */
export interface Tslab {
  readonly typescript: TypeScript;
  readonly isCompleteCode: typeof import("tslab/dist/converter").isCompleteCode;
  readonly printQuickInfo: typeof import("tslab/dist/inspect").printQuickInfo;
  /** The source maps of what was converted. */
  readonly maps: MapKeeper;
  /** Parsed files. */
  readonly files: SourceFiles;
  /** A converter of the cells of a notebook in `folder`. */
  createConverter(folder: string, watched: WatchedFiles): Converter;
}

/**
 * Loads tslab's converter over a copy of its TypeScript that keeps source maps, reuses what it has parsed, and finds
 * the packages that every notebook may import.
 */
export function loadTslab(): Tslab {
  const path = require.resolve("@tslab/typescript-for-tslab");
  const typescript = require("@tslab/typescript-for-tslab") as TypeScript;
  // What tslab sets for itself on the system that it is given (see its converter) must hold for the one below, too.
  Object.assign(typescript.sys, { useCaseSensitiveFileNames: true });
  const files = new SourceFiles(typescript);
  const maps = new MapKeeper();
  const { visitEachChild, teach } = withShorthand(typescript);
  const patched = {
    ...typescript,
    visitEachChild,
    ...watchFunctions(typescript, files, (program) => teach(program.getTypeChecker())),
    createPrinter: files.declared.createPrinter,
    transpileModule: maps.transpile(typescript),
  };
  require.cache[path]!.exports = patched;
  const { createConverter, isCompleteCode } =
    require("tslab/dist/converter") as typeof import("tslab/dist/converter");
  const { printQuickInfo } = require("tslab/dist/inspect") as typeof import("tslab/dist/inspect");
  return {
    typescript,
    isCompleteCode,
    printQuickInfo,
    maps,
    files,
    createConverter: (folder, watched) => {
      const system = Object.create(typescript.sys) as TypeScript["sys"];
      system.getCurrentDirectory = () => folder.replaceAll("\\", "/");
      patched.sys = watched.system(withPackages(system, folder));
      return createConverter();
    },
  };
}
