import { SourceMap, type SourceMapPayload } from "node:module";

type Transpile = typeof import("@tslab/typescript-for-tslab").transpileModule;

/** A place in a source: zero-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The way from a place in generated JavaScript back to TypeScript, through both steps of tslab's converter. */
export class TwoMaps {
  constructor(
    readonly first: SourceMap | undefined,
    readonly second: SourceMap,
  ) {}

  original(place: Place): Place | undefined {
    const between = find(this.second, place);
    return between && (this.first ? find(this.first, between) : between);
  }

  /** The name of the source, without folders. */
  get source(): string {
    return (this.first ?? this.second).payload.sources[0]?.replace(/^.*\//, "") ?? "";
  }
}

/** Keeps the maps of what TypeScript emits, until they are asked for by the code that they belong to. */
export class MapKeeper {
  readonly #maps = new Map<string, TwoMaps>();

  /** `transpile`, which now also writes down its map and the one inlined in its input. */
  keeping(transpile: Transpile): Transpile {
    return (input, options) => {
      const compilerOptions = { ...options.compilerOptions, sourceMap: true };
      const result = transpile(input, { ...options, compilerOptions });
      const outputText = result.outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
      if (result.sourceMapText !== undefined) {
        const second = new SourceMap(JSON.parse(result.sourceMapText) as SourceMapPayload);
        this.#maps.set(outputText, new TwoMaps(inlined(input), second));
      }
      return { ...result, outputText };
    };
  }

  /** The maps of `code`, which are forgotten here. */
  take(code: string): TwoMaps | undefined {
    const maps = this.#maps.get(code);
    this.#maps.delete(code);
    return maps;
  }
}

function inlined(code: string): SourceMap | undefined {
  const encoded = /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/.exec(code)?.[1];
  if (encoded === undefined) return undefined;
  return new SourceMap(JSON.parse(Buffer.from(encoded, "base64").toString()) as SourceMapPayload);
}

function find(map: SourceMap, { line, column }: Place): Place | undefined {
  const entry = map.findEntry(line, column);
  if (!("originalLine" in entry)) return undefined;
  return { line: entry.originalLine, column: entry.originalColumn };
}
