import { checkBoolean, checkKeys, checkLength } from "../base/check";
import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import { checkList, checkShape } from "../base/shape";
import type { QuantizedModel } from "../quantize/quantized";
import { choiceOf } from "./choice";
import type { CrossValidated, Margins } from "./judge";
import { type Budget, budgetKeys, parseBudget } from "./options";

/** A model that the search found. */
export interface CompressedPoint {
  /** The model, ready to use. */
  readonly model: QuantizedModel;
  /** The file; `unpack` reads it. Beside an encoder it is of the columns alone that the model uses, where that is smaller. */
  readonly packed: Uint8Array;
  /** The size of the file. */
  readonly bytes: number;
  /** How many weights are not zero. */
  readonly nonzeros: number;
  /** The name of the input that it is for; `""` for the data themselves. */
  readonly input: string;
  /** The number of levels that the descent had; some may have gone out of use. */
  readonly levels: number;
  /** The strength of the L2 penalty. */
  readonly lambda: number;
  /** The price of a bit, in units of the mean loss. */
  readonly mu: number;
  /** Where the descent started. */
  readonly start: string;
  /** Whose descent found it: a search by `best` holds the models of `fast`, too. */
  readonly effort: "fast" | "best";
  /**
   * How models of these settings did on rows that they were not fitted to. After a search by a sample of a table: how this model did on
   * the rows that were not drawn, beside an uncompressed one of all rows.
   */
  readonly crossValidated: CrossValidated;
  /** What cross-validation by the sample alone said, after a search by a sample of a table. */
  readonly bySample?: CrossValidated;
  /** What all rows of a table, those of the sample among them, say of the model, of the front of a search by a sample. */
  readonly allRows?: { readonly rows: number; readonly logLoss: number; readonly accuracy: number };
}

/** The uncompressed model that points are measured against. */
export interface CompressionBaseline {
  /** The strength of its L2 penalty. */
  readonly lambda: number;
  /** Bytes as a table of 32-bit floats, and of the encoder where there is one. */
  readonly bytes: number;
  /** By cross-validation. */
  readonly logLoss: number;
  /** The mean over rows held out. */
  readonly accuracy: number;
}

/** What a {@link Compression} is made of. */
export interface CompressionParts {
  /** Every model found. */
  readonly points: readonly CompressedPoint[];
  /** The uncompressed model, cross-validated likewise. */
  readonly baseline: CompressionBaseline;
  /** What may be lost, as asked. */
  readonly budget: Budget;
  /** See `CompressOptions`. */
  readonly margin: Margins;
  /** The folds that were run. */
  readonly folds: number;
  /** The number of rows that models were judged by. */
  readonly rows: number;
  /** Whether fewer folds were run than usual, since the search would have taken too long. */
  readonly coarse: boolean;
  /** Whether the search was stopped; then the points are those found until then. */
  readonly cancelled: boolean;
  /** How long it took. */
  readonly seconds: number;
  /** What else the reader should know. Default: nothing. */
  readonly notes?: readonly string[];
  /** A choice among the points that is made already. Default: by the budget. */
  readonly choice?: { readonly point: CompressedPoint; readonly met: boolean };
}

/** The result of `compress`: the chosen model, and all that the search found. */
export class Compression {
  /** Every model found, in order of bytes. */
  readonly points: readonly CompressedPoint[];
  /** The points that no other beats in bytes, log-loss and accuracy at once, in order of bytes. */
  readonly front: readonly CompressedPoint[];
  /** The uncompressed model, cross-validated likewise. */
  readonly baseline: CompressionBaseline;
  /** What may be lost, as asked. */
  readonly budget: Budget;
  /** How many standard errors each loss has to stay below its budget. */
  readonly margin: Margins;
  /** How many parts the rows were in. */
  readonly folds: number;
  /** How many rows there were. */
  readonly rows: number;
  /** Whether the search was stopped before its end. */
  readonly cancelled: boolean;
  /** How long it took. */
  readonly seconds: number;
  /** The smallest point that keeps the budget, as {@link compress} chooses; where none does, the one that comes nearest. */
  readonly chosen: CompressedPoint;
  /** Whether the chosen point keeps the budget. */
  readonly met: boolean;
  /** What the reader should know of the choice. */
  readonly warnings: readonly string[];
  readonly #parts: CompressionParts;

  constructor(parts: CompressionParts) {
    checkShape(parts, "parts of a compression", "what compress returns", {
      points: "list",
      baseline: "object",
      budget: "object",
      margin: "object",
    });
    this.#parts = parts;
    this.points = [...parts.points].sort(compared);
    this.front = frontOf(this.points);
    this.baseline = parts.baseline;
    this.budget = parts.budget;
    this.margin = parts.margin;
    this.folds = parts.folds;
    this.rows = parts.rows;
    this.cancelled = parts.cancelled;
    this.seconds = parts.seconds;
    const { point, met } = parts.choice ?? choiceOf(this.points, parts.budget, parts.margin);
    this.chosen = point;
    this.met = met;
    this.warnings = [...warningsOf(this, parts.coarse), ...(parts.notes ?? [])];
  }

  /**
   * The same search judged by other rows, as by those of a table that a sample lacks: the front and the choice are by what these say.
   * @param judged the models that they judged, one at least, with what they say of each and of the uncompressed one; the number of rows, and of
   * the folds that the uncompressed one was fitted without
   */
  rejudged(judged: Pick<CompressionParts, "points" | "baseline" | "folds" | "rows">): Compression {
    checkShape(judged, "judged models", "points, baseline, folds and rows", {
      points: "list",
      baseline: "object",
      folds: "number",
      rows: "number",
    });
    const { points, baseline, folds, rows } = judged;
    if (points.length === 0) fail("missing-option", { thing: "judged models", expected: "one at least" });
    return new Compression({ ...this.#parts, points, baseline, folds, rows, coarse: false });
  }

  /**
   * The same search with other models in the places of those that it found, and a note among the warnings.
   * @param points in the order of those before
   * @param chosen the one of them in the place of the chosen one
   * @param cancelled whether the work was stopped by then. Default: as the search was
   */
  revised(
    points: readonly CompressedPoint[],
    chosen: CompressedPoint,
    note: string,
    cancelled: boolean = this.cancelled,
  ): Compression {
    checkList(points, "points of a search");
    checkLength(points.length, this.points.length, "points of a search");
    checkShape(chosen, "chosen point", "a point of the search", {
      bytes: "number",
      crossValidated: "object",
    });
    checkBoolean(cancelled, "cancelled");
    const notes = [...(this.#parts.notes ?? []), note];
    const { maxBytes = Number.POSITIVE_INFINITY } = this.budget;
    const met = this.met && chosen.bytes <= maxBytes;
    // Its file may have become longer than another's, which would be chosen in its place.
    return new Compression({ ...this.#parts, points, notes, cancelled, choice: { point: chosen, met } });
  }

  /** The chosen model. */
  get model(): QuantizedModel {
    return this.chosen.model;
  }

  /** The size of the chosen model's file. */
  get bytes(): number {
    return this.chosen.bytes;
  }

  /** The same choice for another budget, without another search. @throws `missing-option`, `invalid-option` */
  choose(budget: Budget): CompressedPoint {
    checkKeys(budget, budgetKeys, "choose");
    return choiceOf(this.points, parseBudget(budget), this.margin).point;
  }
}

shownAs("compression", Compression);

/** By bytes, then by quality; equals by their settings, since they come in whatever order threads found them. */
function compared(a: CompressedPoint, b: CompressedPoint): number {
  const better = a.crossValidated.logLoss - b.crossValidated.logLoss;
  const settings = a.levels - b.levels || a.lambda - b.lambda || a.mu - b.mu;
  return a.bytes - b.bytes || better || settings || Number(a.effort < b.effort) - Number(b.effort < a.effort);
}

/** Of points in order of bytes those that are better than all smaller ones in log-loss or in accuracy. */
export function frontOf(points: readonly CompressedPoint[]): CompressedPoint[] {
  return points.filter((p, at) => {
    const { logLoss, accuracy } = p.crossValidated;
    return !points.some(({ bytes, crossValidated: q }, other) => {
      if (bytes > p.bytes || q.logLoss > logLoss || q.accuracy < accuracy) return false;
      return bytes < p.bytes || q.logLoss < logLoss || q.accuracy > accuracy || other < at;
    });
  });
}

function warningsOf({ met, cancelled, chosen, budget, folds }: Compression, coarse: boolean): string[] {
  const warnings: string[] = [];
  if (cancelled) warnings.push("The search was stopped: this is the best that it had found until then.");
  if (coarse) {
    warnings.push(
      `Models were judged by ${folds} folds alone, or the search would have taken too long: intervals are wider. Set folds for more.`,
    );
  }
  if (!met && chosen.bytes > (budget.maxBytes ?? Number.POSITIVE_INFINITY)) {
    warnings.push(`No model fits in ${budget.maxBytes} bytes: this is the smallest. Allow more bytes.`);
  } else if (!met) {
    warnings.push(
      "No model keeps the budget with its margin: this is the one that comes nearest. Allow more, lower margin, or " +
        'search with effort "best".',
    );
  }
  return warnings;
}
