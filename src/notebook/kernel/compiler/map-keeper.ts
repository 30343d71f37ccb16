import type { MapTexts } from "../program";
import { importCalls } from "./import-calls";
import { stoppableAwaits } from "./stoppable";

type TypeScript = typeof import("@tslab/typescript-for-tslab");
type Transpile = TypeScript["transpileModule"];

/** What is known of emitted code. */
interface Kept {
  readonly maps: MapTexts;
  /** True when it awaits outside of all functions. */
  readonly awaits: boolean;
}

/** Keeps the maps of what TypeScript emits, until they are asked for by the code that they belong to. */
export class MapKeeper {
  readonly #maps = new Map<string, Kept>();

  /** `transpileModule`, which now also writes down its map and the one inlined in its input. */
  transpile(typescript: TypeScript): Transpile {
    let awaits = false;
    const onTop = () => {
      awaits = true;
    };
    const transformers = { before: [importCalls(typescript), stoppableAwaits(typescript, onTop)] };
    return (input, options) => {
      awaits = false;
      const compilerOptions = { ...options.compilerOptions, sourceMap: true };
      const result = typescript.transpileModule(input, { ...options, compilerOptions, transformers });
      const outputText = result.outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
      if (result.sourceMapText !== undefined) {
        const first = inlined(input);
        this.#maps.set(outputText, {
          maps: { ...(first !== undefined && { first }), second: result.sourceMapText },
          awaits,
        });
      }
      return { ...result, outputText };
    };
  }

  /** What is known of `code`, which is forgotten here. */
  take(code: string): Kept | undefined {
    const kept = this.#maps.get(code);
    this.#maps.delete(code);
    return kept;
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
