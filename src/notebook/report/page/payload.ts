import type { EncoderState } from "../../../frame/encoder-state";

/** What a page asks of its reader: a column of the table, or a feature where there is no encoder. */
export interface PageField {
  /** The name of the column. */
  readonly name: string;
  /** `text`: a text of any length; `line`: a short one; `choice`: one of its levels. */
  readonly kind: "number" | "choice" | "text" | "line";
  /** The levels to choose from; of a `choice` alone. */
  readonly levels?: readonly string[];
  /** What it is where nobody says otherwise. */
  readonly value: string;
  /** Whether it is asked for; else it stays as it is. */
  readonly shown: boolean;
}

/** A row to begin with. */
export interface PageExample {
  /** What its button says. */
  readonly name: string;
  /** One value a field, in their order. */
  readonly values: readonly string[];
}

/** Rows whose classes are known, by the features that any of the models keeps; arrays as base64, little-endian. */
export interface PageRows {
  /** How many there are. */
  readonly count: number;
  /** How many there were to draw from. */
  readonly of: number;
  /** 32-bit: how many of the kept features each row has. */
  readonly lengths: string;
  /** The places of these in `columns` of the payload: 16-bit where there are at most 65,536 of them, else 32-bit. */
  readonly places: string;
  /** 32-bit floats: their values; `null` where all are one. */
  readonly values: string | null;
  /** 16-bit: the number of each row's class. */
  readonly labels: string;
  /** 64-bit floats: the weight of each row; `null` where all count the same. */
  readonly weights: string | null;
}

/** All that a live front carries in a page. */
export interface PagePayload {
  /** The classes as text. */
  readonly classes: readonly string[];
  /** The packed models, in order of bytes, as base64. */
  readonly files: readonly string[];
  /** The number of the one to begin with. */
  readonly chosen: number;
  /** 32-bit: the features that any of the models keeps, ascending. */
  readonly columns: string;
  /** Their names. */
  readonly names: readonly string[];
  /** The rows to judge by. */
  readonly rows: PageRows;
  /** How tables become features; `null` where rows are given as features. */
  readonly encoder: EncoderState | null;
  /** What a row is made of. */
  readonly fields: readonly PageField[];
  /** Rows to begin with. */
  readonly examples: readonly PageExample[];
}
