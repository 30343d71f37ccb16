/** How rows become packed ones: what `pack` reads from the file beside the worker. */
export interface PackPlan {
  readonly columns: number;
  /** The cells of labels, and the number of each one's class. */
  readonly labels: { readonly cells: readonly string[]; readonly numbers: readonly number[] };
  readonly classes: number;
  readonly weighted: boolean;
  readonly numeric: readonly { readonly mean: number; readonly scale: number }[];
  /** For each categorical column: its cells, and the feature of each, -1 for none. */
  readonly categorical: readonly {
    readonly cells: readonly string[];
    readonly features: readonly number[];
  }[];
}

/** The file of the {@link PackPlan}. */
export const planFile = "logitpress-plan.json";

/** What a round asks of every partition. Its parameters come beside it, as numbers. */
export interface RoundHeader {
  readonly kind: "gradient" | "correlate" | "divergence" | "diagonal" | "curvature" | "start";
  readonly columns: number;
  readonly valued: boolean;
  readonly positive: number;
  readonly factors: readonly number[];
  /** Into how many slices the sums are cut, each summed by a task of its own. */
  readonly slices: number;
  /** For `correlate` and `divergence`: the factors of residuals below and above zero. */
  readonly below: number;
  readonly above: number;
  /** For `divergence`: the factor of both. */
  readonly factor: number;
  /** For `start`: the strength of the local fits. */
  readonly lambda: number;
  /** For `start`: whether there is an intercept. */
  readonly fitIntercept: boolean;
  /** For `start`: the most iterations of the local fits. */
  readonly iterations: number;
  /** The parameters whose sums are sent back, or of which the curvature is asked, `null` for all. */
  readonly chosen: readonly number[] | null;
}

/** The numbers of a round beside its vector: the loss, then the sums of both sides. */
export const scalarCount = 5;

/** Where the slices of a vector begin, and its end. */
export function cuts(length: number, slices: number): number[] {
  return Array.from({ length: slices + 1 }, (_, k) => Math.floor((length * k) / slices));
}
