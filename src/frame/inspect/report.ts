import { shownAs } from "../../base/display";
import type { Label } from "../../matrix/dataset";
import type { ColumnType } from "./facts";

/** What is found of a column that a fit should know. The list is closed. */
export type FindingCode =
  | "constant"
  | "duplicate"
  | "identifier"
  | "leaking"
  | "missing"
  | "mixed"
  | "separating"
  | "text-numbers";

/** Something of a column that a fit should know. */
export interface Finding {
  /** What was found, from a closed list. */
  readonly code: FindingCode;
  /** What was found, and what to do about it. */
  readonly message: string;
}

/** What was found in a column. */
export interface ColumnReport {
  /** The column's name. */
  readonly name: string;
  /** What its values are, from the values themselves. */
  readonly type: ColumnType;
  /** The number of rows without a value. */
  readonly missing: number;
  /** The number of different values. */
  readonly distinct: number;
  /**
   * How much of the log-loss of the classes' shares this column takes away alone, on rows held out, from 0 to 1; `null` for
   * the label and without one.
   */
  readonly skill: number | null;
  /** What is odd about it; empty where nothing is. */
  readonly findings: readonly Finding[];
}

/** A class and how often it occurs. */
export interface ClassShare {
  /** The class, as the label's column has it. */
  readonly label: Label;
  /** How many rows are of it. */
  readonly rows: number;
  /** The share of the labelled rows, from 0 to 1. */
  readonly share: number;
}

/** What is in a table, before anything is fitted to it. */
export class FrameReport {
  constructor(
    /** How many rows the table has. */
    readonly rows: number,
    /** Each column, in the table's order. */
    readonly columns: readonly ColumnReport[],
    /** The name of the label column, or `null`. */
    readonly label: string | null,
    /** The most frequent class first; empty without a label. */
    readonly classes: readonly ClassShare[],
    /** The rows that are the same as an earlier row in every column. */
    readonly duplicateRows: number,
  ) {}

  /** All findings with the names of their columns. */
  get findings(): readonly (Finding & { readonly column: string })[] {
    return this.columns.flatMap(({ name, findings }) =>
      findings.map((finding) => ({ column: name, ...finding })),
    );
  }
}

shownAs("frameReport", FrameReport);
