import { binOf } from "../../../frame/blocks/bins";
import { TupleKeys, tupleHash, tupleNumbers } from "../../../frame/blocks/cross";
import { fillCycles, timeOfCell } from "../../../frame/blocks/dates";
import { FoldDealer } from "../../../frame/blocks/deal";
import { type BlockState, blockColumns, blockWidth } from "../../../frame/blocks/state";
import { LevelLookup } from "../../../frame/level-lookup";
import type { DealtBlock, PackPlan } from "./messages";

type Store = (column: number, value: number) => void;

/** What makes the features of a block of the cells of its columns. */
export interface CellPacker {
  /** How many cells of a row it takes. */
  readonly columns: number;
  /** Stores what a row has of the block. @throws where a cell can't be encoded */
  readonly pack: (cells: readonly (string | null)[], own: number, store: Store) => void;
}

/** What packs the blocks of a plan in a partition. @param offset the number of their first feature */
export function cellPackers(plan: PackPlan, part: number, offset: number): CellPacker[] {
  let at = offset;
  return (plan.blocks ?? []).map((block, number) => {
    const first = at;
    at += blockWidth(block);
    const dealt = plan.dealt?.find((own) => own.block === number);
    const pack =
      block.kind === "target" && dealt !== undefined
        ? dealtPacker(block, dealt, part, first)
        : packOf(block, plan.unseen === "error", first);
    return { columns: blockColumns(block).length, pack };
  });
}

function packOf(block: BlockState, strict: boolean, first: number): CellPacker["pack"] {
  switch (block.kind) {
    case "indicator":
      return ([cell], _, store) => {
        if (cell !== null) store(first, 1);
      };
    case "bins": {
      const edges = Float64Array.from(block.edges);
      return ([cell], _, store) => {
        if (cell !== null && cell !== "NaN") store(first + binOf(edges, Number(cell)), 1);
      };
    }
    case "ordinal": {
      const { name, levels, mean, scale } = block;
      const lookup = new LevelLookup(levels);
      return ([cell], _, store) => {
        const place = placeOf(lookup, cell, name, strict);
        if (place >= 0 && place !== mean) store(first, (place - mean) / scale);
      };
    }
    case "target": {
      const { name, levels, outputs, values } = block;
      const lookup = new LevelLookup(levels);
      return ([cell], _, store) =>
        storeOdds(values, placeOf(lookup, cell, name, strict), outputs, first, store);
    }
    case "dates": {
      const { name, cycles } = block;
      const out = new Float64Array(2 * cycles.length);
      return ([cell], _, store) => {
        if (cell === null) return;
        const time = timeOfCell(cell);
        if (time === undefined)
          throw new Error(`a row has no date in column ${name}: ${JSON.stringify(cell)}`);
        fillCycles(cycles, time, out, 0);
        for (let k = 0; k < out.length; k++) if (out[k] !== 0) store(first + k, out[k]);
      };
    }
    case "hashed": {
      const hash = tupleHash(block);
      const keys = new TupleKeys(block.names.length);
      return (cells, _, store) => {
        const key = keyOf(keys, cells);
        if (key !== undefined) store(first + hash(key), 1);
      };
    }
    case "cross":
      return crossPack(block, strict, first);
  }
}

function crossPack(
  { names, levels, other }: Extract<BlockState, { kind: "cross" }>,
  strict: boolean,
  first: number,
): CellPacker["pack"] {
  const numbers = tupleNumbers(levels);
  const keys = new TupleKeys(names.length);
  return (cells, _, store) => {
    const key = keyOf(keys, cells);
    if (key === undefined) return;
    const number = numbers.get(key);
    if (number !== undefined) store(first + number, 1);
    else if (other) store(first + levels.length, 1);
    else if (strict)
      throw new Error(`a row has the unseen level ${cells.join(" & ")} in ${names.join(" & ")}`);
  };
}

function dealtPacker(
  { name, levels, outputs }: Extract<BlockState, { kind: "target" }>,
  { folds, seed, outOfFold, before }: DealtBlock,
  part: number,
  first: number,
): CellPacker["pack"] {
  const lookup = new LevelLookup(levels);
  const dealer = new FoldDealer(folds, seed, before[part]);
  return ([cell], own, store) =>
    storeOdds(outOfFold[dealer.next(own)], placeOf(lookup, cell, name, true), outputs, first, store);
}

function storeOdds(
  odds: readonly number[],
  place: number,
  outputs: number,
  first: number,
  store: Store,
): void {
  for (let k = 0; place >= 0 && k < outputs; k++) {
    const value = odds[place * outputs + k];
    if (value !== 0) store(first + k, value);
  }
}

function placeOf(lookup: LevelLookup, cell: string | null, name: string, strict: boolean): number {
  const place = lookup.find(cell);
  if (place === -1 && strict)
    throw new Error(`a row has the unseen level ${JSON.stringify(cell)} in ${name}`);
  return place;
}

function keyOf(keys: TupleKeys, cells: readonly (string | null)[]): string | undefined {
  let key: string | undefined = "";
  for (let c = 0; c < cells.length && key !== undefined; c++) key = keys.add(key, c, cells[c]);
  return key;
}
