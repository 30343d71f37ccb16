import { fail } from "../../base/errors";
import type { EncoderState } from "../encoder-state";
import { checkPresent, sortedPresent } from "../numeric";
import type { BinsState } from "./state";

/**
 * At most `bins` bins of about as many rows each: the edges are numbers of the column, and each bin has a row.
 * @throws `empty-data` where no number is there; `not-finite` where one is missing that may not be
 */
export function fitBins(
  name: string,
  values: Float64Array,
  bins: number,
  missing: EncoderState["missing"],
): BinsState {
  checkPresent(name, values, missing);
  const sorted = sortedPresent(values);
  if (sorted.length === 0)
    fail("empty-data", { thing: "column", value: name, expected: "at least one number" });
  return binsOf(
    name,
    binRanks(sorted.length, bins).map((rank) => sorted[rank]),
  );
}

/** The ranks, from 0, of the numbers that bins of so many begin at: the least of all, then those that may be edges. */
export function binRanks(count: number, bins: number): readonly number[] {
  return Array.from({ length: bins }, (_, k) => Math.floor((k * count) / bins));
}

/** Bins by the numbers at {@link binRanks}. */
export function binsOf(name: string, [least, ...numbers]: readonly number[]): BinsState {
  const edges: number[] = [];
  for (const edge of numbers) if (edge > (edges.at(-1) ?? least)) edges.push(edge);
  return { kind: "bins", name, edges };
}

/** The bin of each row, -1 where the number is missing. @throws `not-finite` where it may not be */
export function binNumbers(
  { name, edges }: BinsState,
  values: Float64Array,
  missing: EncoderState["missing"],
): Int32Array {
  checkPresent(name, values, missing);
  const sorted = Float64Array.from(edges);
  return Int32Array.from(values, (x) => (Number.isNaN(x) ? -1 : binOf(sorted, x)));
}

/** The bin of a number: how many edges are not above it. */
export function binOf(sorted: Float64Array, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
