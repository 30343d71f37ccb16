import type { DuckDBDataChunk } from "@duckdb/node-api";
import { binOf } from "../frame/blocks/bins";
import { TupleKeys, tupleHash, tupleNumbers } from "../frame/blocks/cross";
import { fillCycles, timeOfCell } from "../frame/blocks/dates";
import { FoldDealer } from "../frame/blocks/deal";
import { type BlockState, blockWidth, type DatesState } from "../frame/blocks/state";
import type { EncoderState } from "../frame/encoder-state";
import { LevelLookup } from "../frame/level-lookup";
import type { BlockWriter } from "./block-writer";
import { itemsOf } from "./database";
import type { LevelColumn } from "./level-columns";
import { RowFault } from "./row-fault";
import type { RowLayout } from "./row-layout";
import type { TargetOdds } from "./target-counts";

/** Adds a block's features of a row of a chunk, whose class is `own`. */
type RowPacker = (row: number, own: number) => void;

/** Looks at a chunk and gives what packs its rows. */
export type ChunkPacker = (chunk: DuckDBDataChunk) => RowPacker;

/** What the packing of a table's blocks goes by. */
export interface PackedBlocks {
  readonly state: EncoderState;
  readonly layout: RowLayout;
  readonly levels: ReadonlyMap<string, LevelColumn>;
  /** What rows of the fit are encoded by, see `LearntState`. */
  readonly targets: ReadonlyMap<number, TargetOdds>;
  readonly writer: BlockWriter;
  /** The number of the first feature of the first block. */
  readonly offset: number;
}

/** What packs each block of a state. */
export function blockPackers(of: PackedBlocks): ChunkPacker[] {
  let { offset } = of;
  return (of.state.blocks ?? []).map((block, k) => {
    const packer = packerOf(block, k, { ...of, offset });
    offset += blockWidth(block);
    return packer;
  });
}

function packerOf(block: BlockState, number: number, of: PackedBlocks): ChunkPacker {
  switch (block.kind) {
    case "indicator":
      return indicatorPacker(block.name, of);
    case "bins":
      return binsPacker(block, of);
    case "ordinal":
      return levelPacker(block.name, ordinalValues(block, of), 1, of);
    case "target":
      return targetPacker(block, of.targets.get(number), of);
    case "cross":
      return crossPacker(block, of);
    case "hashed":
      return hashedPacker(block, of);
    case "dates":
      return datesPacker(block, of);
  }
}

function indicatorPacker(name: string, { layout, writer, offset }: PackedBlocks): ChunkPacker {
  const place = layout.place("flag", name);
  return (chunk) => {
    const flags = itemsOf(chunk, place);
    return (i) => {
      if (flags[i] === 1) writer.add(offset, 1);
    };
  };
}

function binsPacker(
  { name, edges }: Extract<BlockState, { kind: "bins" }>,
  { layout, writer, offset }: PackedBlocks,
): ChunkPacker {
  const place = layout.place("number", name);
  const sorted = Float64Array.from(edges);
  return (chunk) => {
    const numbers = itemsOf(chunk, place);
    return (i) => {
      if (!Number.isNaN(numbers[i])) writer.add(offset + binOf(sorted, numbers[i]), 1);
    };
  };
}

/** Some features a level, of values that may be 0. */
function levelPacker(
  name: string,
  values: Float64Array,
  outputs: number,
  { layout, writer, offset }: PackedBlocks,
): ChunkPacker {
  const place = layout.place("code", name);
  return (chunk) => {
    const codes = itemsOf(chunk, place);
    return (i) => {
      if (codes[i] < 0) return;
      for (let k = 0, at = codes[i] * outputs; k < outputs; k++, at++) {
        if (values[at] !== 0) writer.add(offset + k, values[at]);
      }
    };
  };
}

function ordinalValues(
  { name, levels, mean, scale }: Extract<BlockState, { kind: "ordinal" }>,
  of: PackedBlocks,
): Float64Array {
  return Float64Array.from(placesOf(name, levels, of), (place) => (place < 0 ? 0 : (place - mean) / scale));
}

/** The place of each numbered level among those of a state, -1 for none. @throws {@link RowFault} where it must have one */
function placesOf(
  name: string,
  known: readonly string[],
  { levels, state }: Pick<PackedBlocks, "levels" | "state">,
): Int32Array {
  const lookup = new LevelLookup(known);
  return Int32Array.from(levels.get(name)!.values, (value, number) => {
    const place = lookup.find(value);
    if (place >= 0 || place === LevelLookup.missing || state.unseen === "zero") return Math.max(-1, place);
    throw RowFault.unseen([{ name, number, value }], known, unseenRemedy);
  });
}

/** What to do about a level that an encoder has not met. */
export const unseenRemedy = 'Encode with unseen: "zero" to let unseen levels set no feature.';

function targetPacker(
  { name, levels: known, outputs, values }: Extract<BlockState, { kind: "target" }>,
  odds: TargetOdds | undefined,
  of: PackedBlocks,
): ChunkPacker {
  const places = placesOf(name, known, of);
  const byCode = (list: readonly number[]): Float64Array => {
    const table = new Float64Array(places.length * outputs);
    places.forEach((place, code) => {
      if (place >= 0) table.set(list.slice(place * outputs, (place + 1) * outputs), code * outputs);
    });
    return table;
  };
  if (odds === undefined) return levelPacker(name, byCode(values), outputs, of);
  const { folds, seed } = odds.plan;
  const dealer = new FoldDealer(folds, seed, new Float64Array(of.state.classes.length));
  const byFold = odds.outOfFold.map((list) => levelPacker(name, byCode(list), outputs, of));
  return (chunk) => {
    const packers = byFold.map((packer) => packer(chunk));
    return (i, own) => packers[dealer.next(own)](i, own);
  };
}

function crossPacker(
  { names, levels: tuples, other }: Extract<BlockState, { kind: "cross" }>,
  { layout, levels, state, writer, offset }: PackedBlocks,
): ChunkPacker {
  const places = names.map((name) => layout.place("code", name));
  const columns = names.map((name) => levels.get(name)!.values);
  const numbers = tupleNumbers(tuples);
  const keys = new TupleKeys(names.length);
  return (chunk) => {
    const codes = places.map((place) => itemsOf(chunk, place));
    return (i) => {
      let key: string | undefined = "";
      for (let c = 0; c < names.length && key !== undefined; c++) {
        key = keys.add(key, c, columns[c][codes[c][i]]);
      }
      if (key === undefined) return;
      const number = numbers.get(key);
      if (number !== undefined) writer.add(offset + number, 1);
      else if (other) writer.add(offset + tuples.length, 1);
      else if (state.unseen === "error") {
        const cells = names.map((name, c) => {
          const code = codes[c][i];
          return { name, number: code, value: columns[c][code] };
        });
        throw RowFault.unseen(
          cells,
          tuples.map((tuple) => tuple.join(" & ")),
          unseenRemedy,
        );
      }
    };
  };
}

function hashedPacker(
  { names, bits, seed }: Extract<BlockState, { kind: "hashed" }>,
  { layout, writer, offset }: PackedBlocks,
): ChunkPacker {
  const places = names.map((name) => layout.place("hashed", name));
  const keys = new TupleKeys(names.length);
  const hash = tupleHash({ bits, seed });
  return (chunk) => {
    const cells = places.map((place) => chunk.getColumnVector(place));
    return (i) => {
      let key: string | undefined = "";
      for (let c = 0; c < cells.length && key !== undefined; c++) key = keys.add(key, c, cells[c].getItem(i));
      if (key !== undefined) writer.add(offset + hash(key), 1);
    };
  };
}

function datesPacker({ name, cycles }: DatesState, { layout, writer, offset }: PackedBlocks): ChunkPacker {
  const out = new Float64Array(2 * cycles.length);
  const add = (cell: string | number): void => {
    const time = timeOfCell(cell);
    if (time === undefined) throw RowFault.date(name, layout.typeOf(name), cell);
    fillCycles(cycles, time, out, 0);
    for (let k = 0; k < out.length; k++) if (out[k] !== 0) writer.add(offset + k, out[k]);
  };
  const number = layout.place("time", name);
  if (number >= 0) {
    return (chunk) => {
      const times = itemsOf(chunk, number);
      return (i) => {
        if (!Number.isNaN(times[i])) add(times[i]);
      };
    };
  }
  const place = layout.place("timeText", name);
  return (chunk) => {
    const cells = chunk.getColumnVector(place);
    return (i) => {
      const cell = cells.getItem(i);
      if (cell !== null) add(String(cell));
    };
  };
}
