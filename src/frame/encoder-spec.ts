import type { DateCycle } from "./blocks/state";
import type { TargetPlan } from "./blocks/target";
import type { ColumnName } from "./columns";
import type { TextState } from "./encoder-state";
import type { VocabularyPlan } from "./fit-vocabulary";
import type { NumericScale } from "./numeric";

/** How text becomes features. */
export interface TextOptions {
  /** The shortest and the longest run of words or characters that is counted, from 1 to 8. Default `[1, 2]`. */
  readonly ngrams?: readonly [shortest: number, longest: number];
  /** Text is hashed into `2 ** bits` columns, from 1 to 24. Default 18. */
  readonly bits?: number;
  /** Whether a count c enters as 1 + ln c. Default true. */
  readonly sublinear?: boolean;
  /**
   * Whether rare n-grams count for more, by the smooth inverse document frequency. It goes into `Dataset.scale`, not
   * into the features: each row has the norm 1 before it, and a model needs no frequencies to predict. Default true.
   */
  readonly tfidf?: boolean;
  /**
   * What runs are of: words, or characters (code points) of the words joined by single spaces, which needs no words to be known
   * and forgives misspelling. Default `word`.
   */
  readonly unit?: "word" | "character";
  /** Words that are left out before runs are formed: a list, as they are once lower-cased, or `english`. Default none. */
  readonly stopWords?: "english" | readonly string[];
  /**
   * Features are the runs themselves instead of hashes: those that are listed, or those met in at least `minRows` rows (default 2),
   * at most `most` of them (default 65,536), the most frequent first. A file stores them all. Default: hashed.
   */
  readonly vocabulary?: readonly string[] | { readonly minRows?: number; readonly most?: number };
  /**
   * Default true. Letters, their forms and their lower case are those of Unicode, in no language's own way, so the same everywhere but for
   * characters that are newer than the platform's Unicode (`process.versions.unicode`), which are none there.
   */
  readonly lowercase?: boolean;
  /** The seed of the hash, an integer in [0, 2^32). Default 0. */
  readonly seed?: number;
}

/** A column of text with options of its own. */
export interface TextColumn<Name extends string = string> extends TextOptions {
  /** The column's name. */
  readonly column: Name;
}

/** A column of numbers with options of its own: one of `scale` and `bins`. */
export interface NumericColumn<Name extends string = string> {
  /** The column's name. */
  readonly column: Name;
  /**
   * `standard`: mean 0, standard deviation 1. `robust`: less the median, by the range between the quartiles; a missing value
   * counts as the median. Default `standard`.
   */
  readonly scale?: NumericScale;
  /** One feature for each of at most so many bins of about as many rows each, from 2 to 1,024. Default: none. */
  readonly bins?: number;
}

/** Columns of categories with options of their own. */
export interface LevelOptions {
  /** Levels of fewer rows share one feature. Default 1: none do. */
  readonly rare?: number;
  /** Levels are hashed into `2 ** bits` features, from 1 to 24, and none is remembered. Default: not hashed. */
  readonly bits?: number;
  /** The seed of the hash, an integer in [0, 2^32). Default 0. */
  readonly seed?: number;
}

/** A column of categories with options of its own. */
export interface CategoricalColumn<Name extends string = string> extends LevelOptions {
  /** The column's name. */
  readonly column: Name;
}

/** Two columns or more whose levels count together: one feature a tuple. */
export interface CrossColumns<Name extends string = string> extends LevelOptions {
  /** The names of the columns, two or more. */
  readonly columns: readonly Name[];
}

/** A column of levels with an order. */
export interface OrdinalColumn<Name extends string = string> {
  /** The column's name. */
  readonly column: Name;
  /** From the lowest to the highest. */
  readonly levels: readonly (string | number | boolean)[];
}

/** A column of dates with options of its own. */
export interface DateColumn<Name extends string = string> {
  /** The column's name. */
  readonly column: Name;
  /** What comes round, in UTC. Default `["hour", "weekday", "yearday"]`. */
  readonly cycles?: readonly DateCycle[];
}

/** A column of categories that becomes what was seen of the label. */
export interface TargetColumn<Name extends string = string> {
  /** The column's name. */
  readonly column: Name;
  /** How many rows of the average the rows of a level are joined by, at least 0.001. Default 10. */
  readonly smoothing?: number;
  /** Rows of the fit are encoded by what the other parts of so many say, from 2 to 255. Default 5. */
  readonly folds?: number;
  /** The seed of the parts. Default 0. */
  readonly seed?: number;
}

/** Which columns become features, and how. At least one kind is needed. `Name`: the names that the table has. */
export interface EncoderSpec<Name extends string = string> {
  /** The column of classes: text, numbers or booleans. */
  readonly label: Name;
  /** Columns that are standardised: mean 0, standard deviation 1; a constant column becomes 0. Or robust, or in bins. */
  readonly numeric?: Name | NumericColumn<Name> | readonly (Name | NumericColumn<Name>)[];
  /** Columns that are one-hot: a feature a level, levels sorted as text. */
  readonly categorical?: Name | CategoricalColumn<Name> | readonly (Name | CategoricalColumn<Name>)[];
  /** Columns of levels with an order: their place, standardised. A level that is not listed is refused at the fit. */
  readonly ordinal?: OrdinalColumn<Name> | readonly OrdinalColumn<Name>[];
  /** Columns of dates (`Date`, milliseconds since 1970, ISO 8601 text, UTC without a zone): sine and cosine of their cycles. */
  readonly dates?: Name | DateColumn<Name> | readonly (Name | DateColumn<Name>)[];
  /** Columns whose levels count together; they may be features by themselves too. */
  readonly crosses?: readonly CrossColumns<Name>[];
  /**
   * Columns of categories that become log-odds of the label, as seen at the fit. `TableEncoder.fitTransform` gives the rows of the
   * fit without telling them their own label; `fit` and then `transform` of the same rows would.
   */
  readonly target?: Name | TargetColumn<Name> | readonly (Name | TargetColumn<Name>)[];
  /** Columns of text, hashed or by a vocabulary. */
  readonly text?: Name | TextColumn<Name> | readonly (Name | TextColumn<Name>)[];
  /** Options of all columns of text that don't say otherwise. */
  readonly textOptions?: TextOptions;
  /**
   * A missing value (null, undefined, NaN): `error` throws; `mean` takes the column's mean (or median) for a number and sets no
   * feature of other kinds; `indicator` also adds a feature that says so, for each column that has a missing value at the fit.
   * Missing text is always empty. Default `error`.
   */
  readonly missing?: "error" | "mean" | "indicator";
  /**
   * A level that the fit did not meet: `zero` sets no feature, `error` throws, `level` sets a feature `COLUMN other` that rare levels
   * share (in `categorical` and `crosses`; else as `zero`). Default `zero`.
   */
  readonly unseen?: "zero" | "error" | "level";
}

/** A spec for a table of type `F`: with a label known to the compiler, each name must be one of the table's columns. */
export type SpecFor<F, Label extends string> = string extends Label
  ? EncoderSpec<string> & { readonly label: Label }
  : SpecOf<[ColumnName<F>] extends [never] ? string : ColumnName<F>, Label>;

// A label that is no column makes an error at the label alone: were it an intersection of two names, all of the spec would be `never`.
type SpecOf<Name extends string, Label extends string> = Omit<EncoderSpec<Name>, "label"> & {
  readonly label: Label extends Name ? Label : Label & NoColumn<Name>;
};

/** What the compiler says where a label is no column of the table. */
export interface NoColumn<Names extends string> {
  /** The columns that there are. */
  readonly "expected one of": Names;
}

/** A block that is yet to be fitted. */
export type BlockPlan =
  | { readonly kind: "bins"; readonly name: string; readonly bins: number }
  | { readonly kind: "ordinal"; readonly name: string; readonly levels: readonly string[] }
  | { readonly kind: "dates"; readonly name: string; readonly cycles: readonly DateCycle[] }
  | {
      readonly kind: "hashed";
      readonly names: readonly string[];
      readonly bits: number;
      readonly seed: number;
    }
  | { readonly kind: "cross"; readonly names: readonly string[]; readonly rare: number }
  | ({ readonly kind: "target" } & TargetPlan);

/** A spec with every default filled in. */
export interface CompleteSpec {
  readonly label: string;
  readonly numeric: readonly { readonly name: string; readonly scale: NumericScale }[];
  readonly categorical: readonly { readonly name: string; readonly rare: number }[];
  readonly text: readonly CompleteText[];
  readonly blocks: readonly BlockPlan[];
  readonly missing: "error" | "mean" | "indicator";
  readonly unseen: "zero" | "error" | "level";
}

/** A column of text with every default filled in; its `vocabulary` is fitted where it is to be. */
export interface CompleteText {
  readonly state: TextState;
  readonly tfidf: boolean;
  readonly vocabulary: VocabularyPlan | readonly string[] | null;
}
