import type { FoldPart } from "../../aggregate";
import { shareOf } from "../../folds";
import type { Block } from "./block-room";

/** What a task adds up over the blocks of a partition. */
export interface PartSum {
  add(block: Block): void;
  /** The numbers of the sum, as many as `numbersFor` says. */
  finish(): Float64Array;
}

/** Sets each row's share: its weight, in the folds that count, times the factor of its class. */
export function weigh(
  { rows, first, labels, weights, shares }: Block,
  factors: ArrayLike<number> | null,
  part: FoldPart | null,
): void {
  for (let i = 0; i < rows; i++) {
    const own = part === null ? weights[i] : weights[i] * shareOf(part, first + i, 1);
    shares[i] = factors === null ? own : own * factors[labels[i]];
  }
}
