import type { Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import { firstOf } from "./held-out";
import { Judge } from "./judge";
import type { CompressPlan } from "./options";
import { type Parts, partsOf } from "./parts";
import { prepare, type SearchInput, type Subject } from "./search";

/** A search over all inputs, the data themselves prepared. */
export interface Pass {
  readonly plan: CompressPlan;
  readonly parts: Parts;
  readonly input: SearchInput;
}

/**
 * The uncompressed model is measured but where a pass before has measured that of the same strength by the same rows: else fits that
 * end within their tolerance would have it differ a little, and with it which models keep a budget.
 * @throws `cancelled`
 */
export async function preparePass(
  rows: Dataset,
  subject: Subject,
  plan: CompressPlan,
  before: readonly Pass[],
  watch: Watch,
): Promise<Pass> {
  const parts = partsOf(rows, plan);
  const measured = (lambda: number) =>
    !before.some(
      (other) =>
        other.input.uncompressed.lambda === lambda && other.parts.judged.length === parts.judged.length,
    );
  return { plan, parts, input: await prepare("", rows, subject, { parts, plan, measured }, watch) };
}

/** What models are measured against. */
export interface Reference {
  /** The strength of its L2 penalty. */
  readonly lambda: number;
  /** How many rows it is judged by. */
  readonly judged: number;
  /** @param count of the rows that are judged, the first ones */
  readonly judge: (count: number) => Judge;
}

/** The uncompressed model of the last pass, whose strength is sought the most finely. */
export function referenceOf(rows: Dataset, passes: readonly Pass[]): Reference {
  const { parts, input } = passes.at(-1)!;
  const { lambda } = input.uncompressed;
  const same = passes.filter((pass) => pass.input.uncompressed.lambda === lambda);
  const measured = same.flatMap((pass) => pass.input.uncompressed.heldOut ?? []);
  const baselineOf = (count: number) =>
    firstOf(measured.find((found) => found.losses.length >= count)!, count);
  return {
    lambda,
    judged: parts.judged.length,
    judge: (count) => {
      const { labels, weights } = rows;
      const own = parts.judged.subarray(0, count);
      return new Judge(
        own.map((row) => labels[row]),
        weights && Float64Array.from(own, (row) => weights[row]),
        baselineOf(count),
      );
    },
  };
}
