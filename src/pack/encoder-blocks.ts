import { dateCycles } from "../frame/blocks/dates";
import type { BlockState } from "../frame/blocks/state";
import type { ByteReader } from "./byte-reader";
import type { ByteWriter } from "./byte-writer";
import { readList, readTexts, writeTexts } from "./encoder-lists";

const kinds = ["indicator", "bins", "ordinal", "dates", "hashed", "cross", "target"] as const;

/** Writes a block: its kind, then what that kind needs. */
export function writeBlock(to: ByteWriter, block: BlockState): void {
  to.byte(kinds.indexOf(block.kind));
  if ("names" in block) writeTexts(to, block.names);
  else to.text(block.name);
  switch (block.kind) {
    case "indicator":
      return;
    case "bins":
      to.varint(block.edges.length);
      to.floats(block.edges, 8);
      return;
    case "ordinal":
      writeTexts(to, block.levels);
      to.floats([block.mean, block.scale], 8);
      return;
    case "dates":
      to.varint(block.cycles.length);
      for (const cycle of block.cycles) to.byte(dateCycles.indexOf(cycle));
      return;
    case "hashed":
      to.byte(block.bits);
      to.signed(block.seed);
      return;
    case "cross":
      to.byte(Number(block.other));
      to.varint(block.levels.length);
      for (const level of block.levels.flat()) to.text(level);
      return;
    case "target":
      writeTexts(to, block.levels);
      to.floats(block.values, 8);
      return;
  }
}

/** Reads what {@link writeBlock} wrote, for a model of so many classes. */
export function readBlock(from: ByteReader, classes: number): BlockState {
  const kind = kinds[from.byte()];
  if (kind === undefined) return from.wrong(`a kind of block up to ${kinds.length - 1}`);
  if (kind === "hashed" || kind === "cross") return readTuples(from, kind);
  const name = from.text();
  switch (kind) {
    case "indicator":
      return { kind, name };
    case "bins": {
      const edges = [...from.floats(from.varint(from.left), 8)];
      if (edges.some((edge, k) => k > 0 && edge <= edges[k - 1])) from.wrong("ascending edges");
      return { kind, name, edges };
    }
    case "ordinal": {
      const levels = readTexts(from);
      const [mean, scale] = from.floats(2, 8);
      return scale > 0 ? { kind, name, levels, mean, scale } : from.wrong("a scale above 0");
    }
    case "dates": {
      const cycles = readList(from, (f) => dateCycles[f.byte()] ?? f.wrong("a known cycle"));
      return cycles.length > 0 ? { kind, name, cycles } : from.wrong("a cycle");
    }
    case "target": {
      const levels = readTexts(from);
      const outputs = classes === 2 ? 1 : classes;
      return { kind, name, levels, outputs, values: [...from.floats(levels.length * outputs, 8)] };
    }
  }
}

function readTuples(from: ByteReader, kind: "hashed" | "cross"): BlockState {
  const names = readTexts(from);
  if (names.length === 0) from.wrong("a column");
  if (kind === "hashed") {
    const bits = from.byte();
    const seed = from.signed();
    if (bits > 26 || Math.abs(seed) > 2 ** 32) from.wrong("at most 2^26 features");
    return { kind, names, bits, seed };
  }
  const other = from.byte();
  if (other > 1) from.wrong("a flag");
  const levels = readList(from, (f) => names.map(() => f.text()));
  return { kind, names, levels, other: other === 1 };
}
