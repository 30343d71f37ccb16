import { deserialize, serialize } from "node:v8";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { MapTexts } from "../program";
import { TwoMaps } from "./source-maps";
import type { Source } from "./sources";

type Plain = Omit<Source, "maps"> & { readonly maps: MapTexts | undefined };

/**
 * Sources in a tenth of their room. They are kept as long as the session, since a function of an old cell may throw at
 * any time, but few are ever asked for.
 */
export class PackedSources {
  readonly #bytes: Buffer;
  #open: WeakRef<ReadonlyMap<string, Source>> | undefined;

  constructor(sources: readonly (readonly [file: string, source: Source])[]) {
    const plain = sources.map(([file, source]): [string, Plain] => [
      file,
      { ...source, maps: source.maps?.texts },
    ]);
    // A copy, since what zlib gives lies in a larger piece of memory.
    this.#bytes = Buffer.from(deflateRawSync(serialize(plain)));
  }

  get(file: string): Source | undefined {
    let sources = this.#open?.deref();
    if (sources === undefined) {
      sources = this.#unpacked();
      this.#open = new WeakRef(sources);
    }
    return sources.get(file);
  }

  #unpacked(): Map<string, Source> {
    const plain = deserialize(inflateRawSync(this.#bytes)) as [string, Plain][];
    return new Map(
      plain.map(([file, { maps, ...rest }]) => [file, { ...rest, maps: maps && new TwoMaps(maps) }]),
    );
  }
}
