/** A feature that is 1 where a column's value is missing. */
export interface IndicatorState {
  /** Tells whether a column's value is missing. */
  readonly kind: "indicator";
  /** The column's name. */
  readonly name: string;
}

/** A column of numbers by quantile bins, one feature each: a number is in bin k where k of the edges are not above it. */
export interface BinsState {
  /** Tells a column of quantile bins. */
  readonly kind: "bins";
  /** The column's name. */
  readonly name: string;
  /** Ascending; one fewer than there are bins. */
  readonly edges: readonly number[];
}

/** Levels with an order: one feature, `(place - mean) / scale`. */
export interface OrdinalState {
  /** Tells a column of levels with an order. */
  readonly kind: "ordinal";
  /** The column's name. */
  readonly name: string;
  /** From the lowest to the highest, as text. */
  readonly levels: readonly string[];
  /** The mean place of the fit, from 0. */
  readonly mean: number;
  /** What a place less the mean is divided by: its standard deviation at the fit. */
  readonly scale: number;
}

/** What comes round again in a point of time (UTC). */
export type DateCycle = "hour" | "weekday" | "monthday" | "month" | "yearday";

/** A column of dates: two features a cycle, sine and cosine of its angle. */
export interface DatesState {
  /** Tells a column of dates. */
  readonly kind: "dates";
  /** The column's name. */
  readonly name: string;
  /** The cycles, each a sine and a cosine. */
  readonly cycles: readonly DateCycle[];
}

/** Levels of a column, or tuples of levels of several, one-hot by their hash into `2 ** bits` features. */
export interface HashedState {
  /** Tells categories that are hashed. */
  readonly kind: "hashed";
  /** The columns; of several, their levels count together. */
  readonly names: readonly string[];
  /** Levels are hashed into `2 ** bits` features. */
  readonly bits: number;
  /** The seed of the hash (MurmurHash3 x86 32). */
  readonly seed: number;
}

/** Tuples of levels of several columns, one-hot. */
export interface CrossState {
  /** Tells levels of several columns that count together. */
  readonly kind: "cross";
  /** The names of the columns, in the order of the levels' parts. */
  readonly names: readonly string[];
  /** The tuples with a feature, sorted. */
  readonly levels: readonly (readonly string[])[];
  /** As of a column of categories: whether tuples that have no feature of their own share the last one. */
  readonly other: boolean;
}

/**
 * A column of categories by what was seen of the label: a feature an output, the log-odds of the class among the rows
 * of the level, smoothed, less those among all rows.
 */
export interface TargetState {
  /** Tells a column of levels that become log-odds of the label. */
  readonly kind: "target";
  /** The column's name. */
  readonly name: string;
  /** Sorted. */
  readonly levels: readonly string[];
  /** 1 for two classes, else one a class. */
  readonly outputs: number;
  /** The value of level l for output k at `l * outputs + k`. */
  readonly values: readonly number[];
}

/** How columns become features in other ways than numbers, categories and text do. */
export type BlockState =
  | IndicatorState
  | BinsState
  | OrdinalState
  | DatesState
  | HashedState
  | CrossState
  | TargetState;

/** The number of features of a block. */
export function blockWidth(block: BlockState): number {
  switch (block.kind) {
    case "indicator":
    case "ordinal":
      return 1;
    case "bins":
      return block.edges.length + 1;
    case "dates":
      return 2 * block.cycles.length;
    case "hashed":
      return 2 ** block.bits;
    case "cross":
      return block.levels.length + Number(block.other);
    case "target":
      return block.outputs;
  }
}

/** The columns that a block reads. */
export function blockColumns(block: BlockState): readonly string[] {
  return "names" in block ? block.names : [block.name];
}

/** Whether a block's features may be other than 0 and 1. */
export function hasNumbers({ kind }: Pick<BlockState, "kind">): boolean {
  return kind === "ordinal" || kind === "dates" || kind === "target";
}

/** The most features of a block that a row has. */
export function rowWidth(block: BlockState): number {
  return hasNumbers(block) ? blockWidth(block) : 1;
}
