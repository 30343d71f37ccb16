import { checkChoice, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { dateCycles } from "./blocks/dates";
import { checkColumns, checkTexts, list, nameOf } from "./check-spec";
import type {
  BlockPlan,
  CategoricalColumn,
  CompleteSpec,
  CrossColumns,
  DateColumn,
  EncoderSpec,
  LevelOptions,
  NumericColumn,
  OrdinalColumn,
  TargetColumn,
} from "./encoder-spec";
import { parseText, textKeys } from "./parse-text";

/** The options of an encoder. */
export const encoderKeys: readonly string[] = [
  ...["label", "numeric", "categorical", "ordinal", "dates", "crosses", "target", "text", "textOptions"],
  ...["missing", "unseen"],
];

/** Checks a spec and fills in its defaults. @throws `unknown-option`, `invalid-option`, `missing-option` */
export function parseSpec(spec: EncoderSpec): CompleteSpec {
  checkKeys(spec, encoderKeys, "TableEncoder.fit");
  const shared = spec.textOptions ?? {};
  checkKeys(shared, textKeys, "textOptions");
  if (typeof spec.label !== "string")
    fail("missing-option", { thing: "label", expected: "the name of a column" });
  const numeric = list(spec.numeric).map(parseNumeric);
  const categorical = list(spec.categorical).map(parseCategorical);
  const complete: CompleteSpec = {
    label: spec.label,
    numeric: numeric.flatMap(({ name, scale, bins }) => (bins === null ? [{ name, scale }] : [])),
    categorical: categorical.flatMap(({ name, rare, bits }) => (bits === null ? [{ name, rare }] : [])),
    text: list(spec.text).map((entry) => parseText(entry, shared)),
    blocks: [
      ...numeric.flatMap(({ name, bins }): BlockPlan[] =>
        bins === null ? [] : [{ kind: "bins", name, bins }],
      ),
      ...categorical.flatMap(({ name, bits, seed }): BlockPlan[] =>
        bits === null ? [] : [{ kind: "hashed", names: [name], bits, seed }],
      ),
      ...list(spec.ordinal).map(parseOrdinal),
      ...list(spec.dates).map(parseDates),
      ...list(spec.crosses).map(parseCross),
      ...list(spec.target).map(parseTarget),
    ],
    missing: checkChoice(spec.missing ?? "error", "missing", ["error", "mean", "indicator"]),
    unseen: checkChoice(spec.unseen ?? "zero", "unseen", ["zero", "error", "level"]),
  };
  checkColumns(complete);
  return complete;
}

function parseNumeric(entry: string | NumericColumn) {
  const own: NumericColumn = typeof entry === "string" ? { column: entry } : entry;
  checkKeys(own, ["column", "scale", "bins"], "numeric");
  if (own.scale !== undefined && own.bins !== undefined) {
    fail("invalid-option", { thing: "scale", value: own.scale, expected: "no scale beside bins" });
  }
  return {
    name: nameOf(own.column, "numeric"),
    scale: checkChoice(own.scale ?? "standard", "scale", ["standard", "robust"]),
    bins: own.bins === undefined ? null : checkNumber(own.bins, "bins", { integer: true, min: 2, max: 1024 }),
  };
}

function parseCategorical(entry: string | CategoricalColumn) {
  const own: CategoricalColumn = typeof entry === "string" ? { column: entry } : entry;
  checkKeys(own, ["column", "rare", "bits", "seed"], "categorical");
  return { name: nameOf(own.column, "categorical"), ...parseLevels(own) };
}

function parseLevels({ rare, bits, seed }: LevelOptions) {
  if (rare !== undefined && bits !== undefined) {
    fail("invalid-option", {
      thing: "rare",
      value: rare,
      expected: "no pool of rare levels beside bits of a hash",
    });
  }
  return {
    rare: checkNumber(rare ?? 1, "rare", { integer: true, min: 1 }),
    bits: bits === undefined ? null : checkNumber(bits, "bits", { integer: true, min: 1, max: 24 }),
    seed: checkNumber(seed ?? 0, "seed", { integer: true, min: 0, max: 2 ** 32 - 1 }),
  };
}

function parseCross(entry: CrossColumns): BlockPlan {
  checkKeys(entry, ["columns", "rare", "bits", "seed"], "crosses");
  const names = list(entry.columns).map((name) => nameOf(name, "crosses"));
  if (names.length < 2 || names.length > 8 || new Set(names).size < names.length) {
    fail("invalid-option", {
      thing: "columns of a cross",
      value: names.join(", "),
      expected: "2 to 8 different columns",
    });
  }
  const { rare, bits, seed } = parseLevels(entry);
  return bits === null ? { kind: "cross", names, rare } : { kind: "hashed", names, bits, seed };
}

function parseOrdinal(entry: OrdinalColumn): BlockPlan {
  checkKeys(entry, ["column", "levels"], "ordinal");
  const levels = list(entry.levels).map(String);
  checkTexts(levels, "levels of an ordinal column", 2);
  return { kind: "ordinal", name: nameOf(entry.column, "ordinal"), levels };
}

function parseDates(entry: string | DateColumn): BlockPlan {
  const own: DateColumn = typeof entry === "string" ? { column: entry } : entry;
  checkKeys(own, ["column", "cycles"], "dates");
  const cycles = list(own.cycles ?? ["hour", "weekday", "yearday"]).map((cycle) =>
    checkChoice(cycle, "cycle", dateCycles),
  );
  checkTexts(cycles, "cycles", 1);
  return { kind: "dates", name: nameOf(own.column, "dates"), cycles };
}

function parseTarget(entry: string | TargetColumn): BlockPlan {
  const own: TargetColumn = typeof entry === "string" ? { column: entry } : entry;
  checkKeys(own, ["column", "smoothing", "folds", "seed"], "target");
  return {
    kind: "target",
    name: nameOf(own.column, "target"),
    smoothing: checkNumber(own.smoothing ?? 10, "smoothing", { min: 0.001 }),
    folds: checkNumber(own.folds ?? 5, "folds", { integer: true, min: 2, max: 255 }),
    seed: checkNumber(own.seed ?? 0, "seed", { integer: true, min: 0, max: 2 ** 32 - 1 }),
  };
}
