import { type BlockState, hasNumbers } from "../../../frame/blocks/state";
import type { TextState } from "../../../frame/encoder-state";
import type { Link } from "../../../model/scorer";
import type { Draw, FoldPart, RowLoss } from "../../aggregate";
import { outputsOf } from "../../block-terms";
import { scoreLength } from "../../row-scores";

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
  /** Columns of text, whose features come after those. */
  readonly text: readonly TextState[];
  /** Features of other kinds, after those of text. Left out for none, with `unseen`. */
  readonly blocks?: readonly BlockState[];
  /** See `EncoderState`. */
  readonly unseen?: "zero" | "error";
  /** How rows of the fit are encoded by log-odds of the label. */
  readonly dealt?: readonly DealtBlock[];
}

/** A block of log-odds of the label whose rows are encoded fold by fold. */
export interface DealtBlock {
  /** Its number among the blocks. */
  readonly block: number;
  readonly folds: number;
  readonly seed: number;
  /** For each fold, what the others say of each level and output. */
  readonly outOfFold: readonly (readonly number[])[];
  /** See {@link DealPlan}. */
  readonly before: DealPlan["before"];
}

/** How rows are dealt to folds and counted: what `deal` reads from the file beside the worker. */
export interface DealPlan extends Pick<PackPlan, "labels" | "classes"> {
  /** How many rows of each class are before the first of each partition. */
  readonly before: readonly (readonly number[])[];
  /** For each column its cells, and the place of each one's level, -1 for none. */
  readonly targets: readonly {
    readonly folds: number;
    readonly seed: number;
    readonly cells: readonly string[];
    readonly places: readonly number[];
  }[];
}

/** The file of the columns of text whose n-grams are counted. */
export const termsFile = "logitpress-terms.json";

/** The file of the {@link DealPlan}. */
export const dealFile = "logitpress-deal.json";

/** Whether rows of a plan have values; else each that is stored is 1. */
export function hasValues({
  numeric,
  text,
  blocks = [],
}: Pick<PackPlan, "numeric" | "text" | "blocks">): boolean {
  return numeric.length + text.length > 0 || blocks.some(hasNumbers);
}

/** The file of the {@link PackPlan}. */
export const planFile = "logitpress-plan.json";

/** What a round asks of every partition. Parameters come beside it, those of one task after another's, as numbers. */
export interface RoundHeader {
  readonly columns: number;
  readonly valued: boolean;
  readonly classes: number;
  /** The number of the first row of each partition, where tasks are of some folds. */
  readonly firsts: readonly number[];
  /** Into how many slices the numbers are cut, each summed by a task of its own. */
  readonly slices: number;
  readonly tasks: readonly RoundTask[];
}

/** What a sample asks of every partition. */
export interface SampleHeader extends Draw {
  readonly columns: number;
  readonly valued: boolean;
  /** The number of the first row of each partition. */
  readonly firsts: readonly number[];
}

/** One thing to be summed over all rows. */
export type RoundTask = SumTask | StartTask | ScoresTask | MassesTask | CountsTask;

interface StatedTask {
  readonly loss: RowLoss;
  readonly factors: readonly number[];
  readonly part: FoldPart | null;
}

/** An operation of `aggregate`, as plain lists. */
export interface SumTask extends StatedTask {
  readonly kind: "gradient" | "correlate" | "divergence" | "diagonal" | "absolute" | "curvature" | "changes";
  readonly dual:
    | { readonly kind: "sides"; readonly below: number; readonly above: number }
    | { readonly kind: "mixture"; readonly share: number; readonly mix: readonly number[] }
    | null;
  /** For `divergence`: the factor of the dual point. */
  readonly factor: number;
  /** The parameters whose sums are sent back, or of which the curvature or changes are asked, `null` for all. */
  readonly chosen: readonly number[] | null;
  /** For `changes`: by how much each of the chosen moves. */
  readonly by?: readonly number[];
}

/** Fits of each partition alone. */
export interface StartTask extends StatedTask {
  readonly kind: "start";
  readonly lambda: number;
  readonly fitIntercept: boolean;
  /** The most iterations. */
  readonly iterations: number;
}

/** Models to be judged. */
export interface ScoresTask {
  readonly kind: "scores";
  readonly models: readonly { readonly link: Link; readonly threshold: number }[];
  readonly part: FoldPart | null;
  /** Whether histograms are taken, which the AUC needs. */
  readonly ranked: boolean;
}

/** The weights of the classes in each fold. */
export interface MassesTask {
  readonly kind: "masses";
  readonly folds: number;
  readonly seed: number;
}

/** In how many rows each feature has a value. */
interface CountsTask {
  readonly kind: "counts";
}

/** The numbers of a sum before its vector: the loss, then the sums of both sides. */
export const scalarCount = 5;

/** The parameters of a task. */
export function parametersOf(task: RoundTask, columns: number, classes: number): number {
  if (task.kind === "masses" || task.kind === "start" || task.kind === "counts") return 0;
  if (task.kind === "scores") return task.models.length * (columns + 1) * (classes === 2 ? 1 : classes);
  return (columns + 1) * outputsOf(task.loss);
}

/** The numbers that a task gives. */
export function numbersFor(task: RoundTask, columns: number, classes: number): number {
  switch (task.kind) {
    case "masses":
      return task.folds * classes;
    case "counts":
      return columns;
    case "scores":
      return task.models.length * scoreLength(classes, task.ranked);
    case "start":
      return 2 * (columns + 1) * outputsOf(task.loss);
    case "divergence":
      return scalarCount;
    case "curvature":
      return scalarCount + (task.chosen!.length * (task.chosen!.length + 1)) / 2;
    default:
      return scalarCount + (task.chosen?.length ?? (columns + 1) * outputsOf(task.loss));
  }
}

/** Where the slices of a vector begin, and its end. */
export function cuts(length: number, slices: number): number[] {
  return Array.from({ length: slices + 1 }, (_, k) => Math.floor((length * k) / slices));
}
