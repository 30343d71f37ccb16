import { checkChoice, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { Dataset } from "../matrix/dataset";
import { type Pooling, type PoolOptions, parsePooling } from "../matrix/squares";
import type { PackOptions } from "../pack/write";
import { parseThreads } from "../train/options";
import { pool } from "./inputs";
import type { Margins } from "./judge";

/** What may be lost, or how large the file may be; several hold together. */
export interface Budget {
  /** The most bytes of the file. */
  readonly maxBytes?: number;
  /** The most accuracy that may be lost, as a share of the rows: 0.005 is half a point. */
  readonly maxAccuracyDrop?: number;
  /** The most that the log-loss may rise, as a share of that of the uncompressed model: 0.01 is one per cent. */
  readonly maxLogLossIncrease?: number;
  /** The most rows whose class may be another than the uncompressed model's, as a share of the rows. */
  readonly maxFlips?: number;
}

/** How to search. */
export interface CompressOptions extends Budget {
  /** `fast` takes few folds and settings, `best` many. Default `fast`. */
  readonly effort?: "fast" | "best";
  /**
   * How many standard errors of the difference, as cross-validation found it, a loss must stay below its budget; one number for
   * all losses, or some by name. Default 0.75 for the log-loss, of which a few rows make the most, so that their mean strays
   * further than its error tells; 0.5 for accuracy and flips. Folds lack some rows that the chosen model has, which errs on
   * the safe side already, so 0 is right more often than not.
   */
  readonly margin?: number | Partial<Margins>;
  /** For more than two classes where no model is given. Default `softmax`. */
  readonly multiclass?: "softmax" | "ovr";
  /** The numbers of levels to try, each from 1 to 256. Default: by the effort and the number of classes. */
  readonly levels?: readonly number[];
  /** The strengths of the L2 penalty of the compressed models to try. Default: by the effort, around that of the model. */
  readonly lambdas?: readonly number[];
  /**
   * The parts of the rows for cross-validation. Default 10, for `fast` and more than two classes 8. Of many rows only as many folds are
   * run as it takes to judge by some 20,000 rows, or 40,000; of data with many values, classes or inputs fewer settings are tried and
   * as many folds run as end in time, at least three, of which a warning tells. Given, all that the rows call for are run.
   */
  readonly folds?: number;
  /**
   * The same rows encoded in other ways, by name, e.g. pooled ({@link pool}) or hashed to fewer columns
   * ({@link foldColumns}); each point of the front tells which it is for. Default: none.
   */
  readonly inputs?: Readonly<Record<string, Dataset>>;
  /**
   * Where the columns are the pixels of pictures: squares of them whose means are tried for features, too, as an input named
   * `pooled` with a strength of its own. Its models are of the pixels, all of a square with one weight, which the file holds once. Default: none.
   */
  readonly pool?: PoolOptions;
  /** What goes into the file beside the model, and counts. Default: nothing. */
  readonly packing?: PackOptions;
  /** Of the folds. Default 0. */
  readonly seed?: number;
  /** How many threads compute; the result does not depend on it. Default: as many as the machine has cores. */
  readonly threads?: number;
}

/** The name of the input that the option `pool` makes. */
export const pooledName = "pooled";

/** The complete record that a search works from. */
export interface CompressPlan {
  readonly budget: Budget;
  readonly margin: Margins;
  readonly multiclass: "softmax" | "ovr";
  readonly levels: readonly number[];
  /** Strengths as they are, or factors of the model's. */
  readonly lambdas: { readonly kind: "strengths" | "factors"; readonly values: readonly number[] };
  /** The most pairs of a strength and a number of levels that are tried of each input, the first ones. */
  readonly settings: number;
  readonly folds: number;
  /** How many rows to judge by, about, at least two folds. */
  readonly judged: number;
  /** Whether these are fewer than usual, since the search would take too long. */
  readonly coarse: boolean;
  /** The strengths among which that of the uncompressed model is chosen where it is not known, from the strongest. */
  readonly strengths: readonly number[];
  /** The most folds by which it is chosen. */
  readonly strengthFolds: number;
  /** Each price of a bit over the one before. */
  readonly ratio: number;
  readonly sweeps: number;
  /** The most starts of a descent. */
  readonly starts: number;
  readonly inputs: Readonly<Record<string, Dataset>>;
  /** How the input named {@link pooledName} is pooled, of which models of the pixels are made; `null` for none. */
  readonly pool: Pooling | null;
  readonly packing: PackOptions;
  readonly seed: number;
  readonly threads: number;
}

/** What may be bounded. */
export const budgetKeys = ["maxBytes", "maxAccuracyDrop", "maxLogLossIncrease", "maxFlips"] as const;
const known: readonly (keyof CompressOptions)[] = [
  ...budgetKeys,
  "effort",
  "margin",
  "multiclass",
  "levels",
  "lambdas",
  "folds",
  "inputs",
  "pool",
  "packing",
  "seed",
  "threads",
];

/** Stored values times classes below which a start more takes next to no time. */
const smallWork = 500_000;
const startsOfSmall = 5;

/** The fewest folds that a large search is run with. */
const fewestFolds = 3;

const halfDecades = [1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6];

/**
 * More classes have more weights that a level's own bytes are shared by, and lose more by few levels. `work` is
 * the stored values of all inputs times outputs, settings and parts that two cores get through in the time that an effort may
 * take: where it does not suffice fewer settings are tried, the first ones, then fewer folds run.
 */
const efforts = {
  fast: {
    levels: { two: [8], more: [16] },
    factors: { two: [0.7], more: [1] },
    folds: { two: 10, more: 8 },
    judged: 20_000,
    work: 3e7,
    ratio: 1.5,
    sweeps: 2,
    starts: 2,
    strengthFolds: 4,
    strengths: {
      two: [1e-2, 1e-3, 1e-4, 1e-5, 1e-6],
      more: [1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 1e-6],
    },
  },
  best: {
    levels: { two: [4, 8], more: [16, 8] },
    factors: { two: [1.5, 0.6], more: [1, 0.5] },
    folds: { two: 10, more: 10 },
    judged: 40_000,
    work: 1.2e8,
    ratio: 1.35,
    sweeps: 3,
    starts: 3,
    strengthFolds: 10,
    strengths: { two: halfDecades, more: halfDecades },
  },
} as const;

/** Checks options and fills in what is left out. @throws `unknown-option`, `invalid-option`, `missing-option` */
export function planCompression(options: CompressOptions, data: Dataset): CompressPlan {
  checkKeys(options, known, "compress");
  const effort = efforts[checkChoice(options.effort ?? "fast", "effort", ["fast", "best"])];
  const { lambdas } = options;
  const few = data.classes.length === 2 ? "two" : "more";
  const levels = listOf(options.levels ?? effort.levels[few], "levels", { min: 1, max: 256, integer: true });
  if (lambdas !== undefined) listOf(lambdas, "lambdas", { above: 0 });
  checkInputs(options.inputs ?? {}, data);
  const pooling = options.pool === undefined ? null : poolOf(options, data);
  const inputs =
    pooling === null ? (options.inputs ?? {}) : { ...options.inputs, [pooledName]: pool(data, pooling) };
  checkKeys(options.packing ?? {}, ["encoder", "featureNames", "provenance"], "packing");
  const { levels: _levels, factors, folds: parts, work, strengths, ...path } = effort;
  const folds = parts[few];
  const stored = data.features.nonzeros * data.classes.length;
  const outputs = few === "two" ? 1 : data.classes.length;
  const pass = [data, ...Object.values(inputs)].reduce(
    (sum, { features }) => sum + features.nonzeros * outputs,
    0,
  );
  const wanted = levels.length * (lambdas ?? factors[few]).length;
  const given = options.levels !== undefined || lambdas !== undefined;
  const settings = given
    ? wanted
    : Math.max(1, Math.min(wanted, Math.floor(work / (pass * (fewestFolds + 1)))));
  const afforded = Math.max(fewestFolds, Math.floor(work / (pass * settings)) - 1);
  const fewer = (afforded * data.rows) / folds < Math.min(path.judged, data.rows);
  const coarse = options.folds === undefined && fewer;
  // Where few are run, smaller ones: a large model loses by each row that it lacks about what its interval gains.
  const usual = coarse && 2 * afforded <= folds ? 2 * folds : folds;
  return {
    budget: parseBudget(options),
    margin: parseMargin(options.margin ?? {}),
    multiclass: checkChoice(options.multiclass ?? "softmax", "multiclass", ["softmax", "ovr"]),
    levels,
    lambdas:
      lambdas === undefined
        ? { kind: "factors", values: factors[few] }
        : { kind: "strengths", values: [...lambdas] },
    settings,
    folds: checkNumber(options.folds ?? Math.min(usual, data.rows), "folds", {
      integer: true,
      min: 2,
      max: data.rows,
    }),
    ...path,
    judged: coarse ? Math.floor((afforded * data.rows) / usual) : path.judged,
    coarse,
    strengths: strengths[few],
    starts: stored < smallWork ? startsOfSmall : effort.starts,
    inputs,
    pool: pooling,
    packing: options.packing ?? {},
    seed: checkNumber(options.seed ?? 0, "seed", { integer: true }),
    threads: parseThreads(options.threads),
  };
}

/** The budget alone. @throws `missing-option` where there is none, `invalid-option` */
export function parseBudget(options: Budget): Budget {
  const given = budgetKeys.filter((key) => options[key] !== undefined);
  if (given.length === 0) {
    fail("missing-option", {
      thing: "budget",
      expected: `at least one of ${budgetKeys.join(", ")}`,
      remedy: "Say how many bytes you have, or what you may lose.",
    });
  }
  for (const key of given) {
    const bounds = key === "maxBytes" ? { integer: true, min: 1 } : { min: 0 };
    checkNumber(
      options[key],
      key,
      key === "maxBytes" || key === "maxLogLossIncrease" ? bounds : { min: 0, max: 1 },
    );
  }
  return Object.fromEntries(given.map((key) => [key, options[key]]));
}

const usualMargins: Margins = { accuracy: 0.5, logLoss: 0.75, flips: 0.5 };

function parseMargin(given: number | Partial<Margins>): Margins {
  if (typeof given === "number") {
    const all = checkNumber(given, "margin", { min: 0 });
    return { accuracy: all, logLoss: all, flips: all };
  }
  checkKeys(given, ["accuracy", "logLoss", "flips"], "margin");
  const of = (name: keyof Margins) =>
    checkNumber(given[name] ?? usualMargins[name], `margin.${name}`, { min: 0 });
  return { accuracy: of("accuracy"), logLoss: of("logLoss"), flips: of("flips") };
}

function listOf(
  values: readonly number[],
  thing: string,
  bounds: Parameters<typeof checkNumber>[2],
): readonly number[] {
  if (!Array.isArray(values) || values.length === 0) {
    fail("invalid-option", { thing, value: values, expected: "a list of one number or more" });
  }
  for (const value of values) checkNumber(value, `number in ${thing}`, bounds);
  return [...new Set(values)];
}

function poolOf({ pool: given, inputs = {} }: CompressOptions, { columns }: Dataset): Pooling {
  if (pooledName in inputs) {
    fail("invalid-option", {
      thing: "name of an input",
      value: pooledName,
      expected: "another one beside the option pool, whose input has it",
    });
  }
  const { width, by } = parsePooling(given!, columns);
  return { width, by: checkNumber(by, "by", { min: 2, max: 1023, integer: true }) };
}

function checkInputs(inputs: Readonly<Record<string, Dataset>>, data: Dataset): void {
  for (const [name, input] of Object.entries(inputs)) {
    if (!(input instanceof Dataset)) {
      fail("invalid-option", { thing: `inputs.${name}`, value: input, expected: "a Dataset" });
    }
    const same =
      input.rows === data.rows &&
      input.withClasses(data.classes).labels.every((k, i) => k === data.labels[i]);
    if (!same) {
      fail("invalid-option", {
        thing: `rows of inputs.${name}`,
        value: input.rows,
        expected: `the ${data.rows} rows of the data with their labels, in the same order`,
      });
    }
  }
}
