import { withPackages } from "./overlay";
import { tslabRequire } from "./resolve";
import { withShorthand } from "./shorthand";
import type { MapKeeper } from "./source-maps";

type Converter = import("tslab/dist/converter").Converter;
type TypeScript = typeof import("@tslab/typescript-for-tslab");

/** tslab's converter with the parts of TypeScript that the kernel itself needs. */
export interface Compiler {
  readonly converter: Converter;
  readonly typescript: TypeScript;
  readonly isCompleteCode: typeof import("tslab/dist/converter").isCompleteCode;
  readonly printQuickInfo: typeof import("tslab/dist/inspect").printQuickInfo;
}

/** Takes the content of a `display_data`, or with `update` of an `update_display_data`. */
export type Publish = (content: object, update: boolean) => void;

/**
 * Loads tslab's converter over a copy of its TypeScript that keeps source maps in `maps` and finds the packages
 * that every notebook may import. What `display` of tslab shows goes to `publish`.
 */
export function loadCompiler(maps: MapKeeper, publish: Publish): Compiler {
  const near = tslabRequire();
  const path = near.resolve("@tslab/typescript-for-tslab");
  const typescript = near(path) as TypeScript;
  // What tslab sets for itself on the system that it is given (see its converter) must hold for the one below, too.
  Object.assign(typescript.sys, { useCaseSensitiveFileNames: true });
  const loaded = near.cache[path]!;
  loaded.exports = {
    ...typescript,
    ...withShorthand(typescript),
    sys: withPackages(typescript.sys, process.cwd()),
    createWatchCompilerHost: withOptions(typescript.createWatchCompilerHost),
    transpileModule: maps.keeping(typescript.transpileModule),
  };
  const { createConverter, isCompleteCode } = near(
    "./dist/converter",
  ) as typeof import("tslab/dist/converter");
  const { printQuickInfo } = near("./dist/inspect") as typeof import("tslab/dist/inspect");
  const jupyter = near("./dist/jupyter") as { lastWriteDisplayData: unknown };
  jupyter.lastWriteDisplayData = (content: object, update?: boolean) => publish(content, update === true);
  return { converter: createConverter(), typescript, isCompleteCode, printQuickInfo };
}

function withOptions(create: TypeScript["createWatchCompilerHost"]): TypeScript["createWatchCompilerHost"] {
  const patched = (files: string[], options: object, ...rest: unknown[]) =>
    Reflect.apply(create, undefined, [files, { ...options, inlineSourceMap: true }, ...rest]);
  return patched as TypeScript["createWatchCompilerHost"];
}
