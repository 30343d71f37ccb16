import type { MapTexts } from "../program";
import { importCalls } from "./import-calls";

type TypeScript = typeof import("@tslab/typescript-for-tslab");
type Transpile = TypeScript["transpileModule"];

/** Keeps the maps of what TypeScript emits, until they are asked for by the code that they belong to. */
export class MapKeeper {
  readonly #maps = new Map<string, MapTexts>();

  /** `transpileModule`, which now also writes down its map and the one inlined in its input. */
  transpile(typescript: TypeScript): Transpile {
    const transformers = { before: [importCalls(typescript)] };
    return (input, options) => {
      const compilerOptions = { ...options.compilerOptions, sourceMap: true };
      const result = typescript.transpileModule(input, { ...options, compilerOptions, transformers });
      const outputText = result.outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
      if (result.sourceMapText !== undefined) {
        const first = inlined(input);
        this.#maps.set(outputText, { ...(first !== undefined && { first }), second: result.sourceMapText });
      }
      return { ...result, outputText };
    };
  }

  /** The maps of `code`, which are forgotten here. */
  take(code: string): MapTexts | undefined {
    const maps = this.#maps.get(code);
    this.#maps.delete(code);
    return maps;
  }

  /** Forgets all that was not taken. */
  clear(): void {
    this.#maps.clear();
  }
}

function inlined(code: string): string | undefined {
  const encoded = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/.exec(code)?.[1];
  return encoded && Buffer.from(encoded, "base64").toString();
}
