import { SourceMap, type SourceMapPayload } from "node:module";
import type { Place } from "../excerpt";
import type { MapTexts } from "../program";

/**
 * The way from a place in generated JavaScript back to TypeScript, through both steps of tslab's converter. The maps
 * are read when the first place is asked for, which most cells never see.
 */
export class TwoMaps {
  #maps: { readonly first: SourceMap | undefined; readonly second: SourceMap } | undefined;

  constructor(readonly texts: MapTexts) {}

  original(place: Place): Place | undefined {
    const { first, second } = this.#read();
    const between = find(second, place);
    return between && (first ? find(first, between) : between);
  }

  /** The name of the source, without folders. */
  get source(): string {
    const { first, second } = this.#read();
    return (first ?? second).payload.sources[0]?.replace(/^.*\//, "") ?? "";
  }

  #read(): { readonly first: SourceMap | undefined; readonly second: SourceMap } {
    const { first, second } = this.texts;
    this.#maps ??= { first: first === undefined ? undefined : parsed(first), second: parsed(second) };
    return this.#maps;
  }
}

function parsed(text: string): SourceMap {
  return new SourceMap(JSON.parse(text) as SourceMapPayload);
}

function find(map: SourceMap, { line, column }: Place): Place | undefined {
  const entry = map.findEntry(line, column);
  if (!("originalLine" in entry)) return undefined;
  return { line: entry.originalLine, column: entry.originalColumn };
}
