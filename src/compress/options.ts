import { checkChoice, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { Dataset } from "../matrix/dataset";
import { type Pooling, type PoolOptions, parsePooling } from "../matrix/squares";
import type { PackOptions } from "../pack/write";
import { parseThreads } from "../train/options";
import { efforts, type Sharing, sharingOf, smallWork, startsOfSmall } from "./effort";
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
  /**
   * `fast` takes few folds and settings, `best` many, and has the models of `fast` among its own: it finds no larger file, unless the
   * uncompressed model that it measures against, whose strength it seeks more finely, is a better one. Default `fast`.
   */
  readonly effort?: "fast" | "best";
  /**
   * How many standard errors of the difference, as cross-validation found it, a loss must stay below its budget; one number for
   * all losses, or some by name. Default 0.75, of flips 0.5. Of accuracy the margin is that of the smoothed one, which varies less; as
   * it is counted it keeps the budget without. Folds lack some rows that the chosen model has, which errs on
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
   * The parts of the rows for cross-validation. Default 10, for `best` 20, for more than two classes 8. Of many rows only as many folds are
   * run as it takes to judge by some 20,000 rows, or 40,000; of an input with many values or classes fewer settings are tried and
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
export interface CompressPlan extends Sharing {
  /** Of `best` what `fast` tries, whose models are among its own, so that it never finds less. */
  readonly before: CompressPlan | null;
  readonly effort: "fast" | "best";
  readonly budget: Budget;
  readonly margin: Margins;
  readonly multiclass: "softmax" | "ovr";
  readonly levels: readonly number[];
  /** Strengths as they are, or factors of the model's. */
  readonly lambdas: { readonly kind: "strengths" | "factors"; readonly values: readonly number[] };
  /** The strengths among which that of the uncompressed model is chosen where it is not known, from the strongest. */
  readonly strengths: readonly number[];
  /** The most folds by which it is chosen. */
  readonly strengthFolds: number;
  /** Each price of a bit over the one before, and where they lie close. */
  readonly ratio: number;
  readonly fine: number;
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

/**
 * Checks options and fills in what is left out. The folds of `best` are those of `fast` or their halves, so that both are judged by the
 * same rows against the same model.
 * @throws `unknown-option`, `invalid-option`, `missing-option`
 */
export function planCompression(options: CompressOptions, data: Dataset): CompressPlan {
  checkKeys(options, known, "compress");
  checkInputs(options.inputs ?? {}, data);
  const pooling = options.pool === undefined ? null : poolOf(options, data);
  const inputs =
    pooling === null ? (options.inputs ?? {}) : { ...options.inputs, [pooledName]: pool(data, pooling) };
  const effort = checkChoice(options.effort ?? "fast", "effort", ["fast", "best"]);
  const fast = planOf("fast", options, data, inputs, pooling, null);
  return effort === "fast" ? fast : planOf("best", options, data, inputs, pooling, fast);
}

function planOf(
  name: keyof typeof efforts,
  options: CompressOptions,
  data: Dataset,
  inputs: Readonly<Record<string, Dataset>>,
  pooling: Pooling | null,
  before: CompressPlan | null,
): CompressPlan {
  const effort = efforts[name];
  const { lambdas } = options;
  const few = data.classes.length === 2 ? "two" : "more";
  const levels = listOf(options.levels ?? effort.levels[few], "levels", { min: 1, max: 256, integer: true });
  if (lambdas !== undefined) listOf(lambdas, "lambdas", { above: 0 });
  checkKeys(options.packing ?? {}, ["encoder", "featureNames", "provenance"], "packing");
  const { levels: _levels, factors, work, judged, strengths, starts, sweeps, ...path } = effort;
  const settings = levels.length * (lambdas ?? factors[few]).length;
  const all = options.levels !== undefined || lambdas !== undefined;
  const small = data.features.nonzeros * data.classes.length < smallWork;
  const wanted = { work: work[few], judged, settings, all, folds: options.folds };
  return {
    before,
    effort: name,
    budget: parseBudget(options),
    margin: parseMargin(options.margin ?? {}),
    multiclass: checkChoice(options.multiclass ?? "softmax", "multiclass", ["softmax", "ovr"]),
    levels,
    lambdas:
      lambdas === undefined
        ? { kind: "factors", values: factors[few] }
        : { kind: "strengths", values: [...lambdas] },
    ...sharingOf(wanted, data, inputs, before),
    ...path,
    ratio: small ? path.fine : path.ratio,
    strengths: strengths[few],
    sweeps: sweeps[few],
    starts: small ? startsOfSmall : starts[few],
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

const usualMargins: Margins = { accuracy: 0.75, logLoss: 0.75, flips: 0.5 };

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
