import type { LinearParts } from "../model/linear";
import type { AggregateRequest, Operation } from "./aggregate";
import { outputsOf } from "./block-terms";
import { lossesOf } from "./packed-fitters";
import type { RowsPart, SummedTable } from "./summed-rows";
import { factorsOf } from "./table-plan";

/** A problem of a model: one output, or all where they share their rows' loss. */
export interface PlacedProblem {
  readonly request: (operation: Operation) => AggregateRequest;
  /** The number of the first output. */
  readonly first: number;
  /** The outputs of the problem. */
  readonly own: number;
}

/** Where the sums of a model are taken, problem by problem. */
export function problemsOf(
  { classes, columns }: Pick<SummedTable, "classes" | "columns">,
  { part, masses }: RowsPart,
  {
    weights,
    intercepts,
    link,
  }: Pick<LinearParts, "intercepts" | "link"> & { readonly weights: ArrayLike<number> },
): PlacedProblem[] {
  const factors = factorsOf(classes, masses, null);
  const outputs = intercepts.length;
  return lossesOf({ link, classes: classes.length }).map((loss, first) => {
    const own = outputsOf(loss);
    const parameters = new Float64Array((columns + 1) * own);
    for (let j = 0; j < columns * own; j++) {
      parameters[j] = weights[Math.floor(j / own) * outputs + first + (j % own)];
    }
    parameters.set(intercepts.subarray(first, first + own), columns * own);
    const state = { loss, parameters, factors, part };
    return { first, own, request: (operation: Operation) => ({ operation, state }) };
  });
}

/** Some parameters of a problem. */
export interface Placed {
  /** Of a weight its place in the model's table, of intercept k its place behind the table. */
  readonly places: Uint32Array;
  /** Their numbers in the problem's vector. */
  readonly parameters: Uint32Array;
}

/** The weights of a problem that are alive, and its intercepts. @param alive 1 for each weight that takes part */
export function placedIn({ first, own }: PlacedProblem, alive: Uint8Array, outputs: number): Placed {
  const [places, parameters]: number[][] = [[], []];
  const columns = alive.length / outputs;
  for (let j = 0; j < columns * own; j++) {
    const at = Math.floor(j / own) * outputs + first + (j % own);
    if (alive[at] === 0) continue;
    places.push(at);
    parameters.push(j);
  }
  for (let k = 0; k < own; k++) {
    places.push(alive.length + first + k);
    parameters.push(columns * own + k);
  }
  return { places: Uint32Array.from(places), parameters: Uint32Array.from(parameters) };
}
