import { checkBoolean, checkKeys } from "../base/check";
import { counted, grouped } from "../base/grouped";
import { checkDataset } from "../matrix/check-dataset";
import type { Dataset } from "../matrix/dataset";
import { checkModel } from "../model/check-model";
import type { LinearModel } from "../model/linear";
import { checkWidth } from "../model/scorer";
import { type FitWarning, listed } from "../model/warning";
import { mostChecked, relationsOf } from "./diagnose/collinear";
import { duplicatesOf } from "./diagnose/duplicates";
import { type Moments, momentsOf } from "./diagnose/moments";
import { orNothing } from "./diagnose/nothing";
import { separatingColumns } from "./diagnose/separating";
import { separationOf } from "./diagnose/separation";
import { invertInformation, mostParameters } from "./inference/information";
import { likelihoodsOf, weighedDesign } from "./inference/likelihood";

/** What to look for. */
export interface DiagnoseOptions {
  /**
   * Whether the fit will have a penalty, which settles the weights of columns that depend on each other: they are not
   * looked for then. Default false.
   */
  readonly penalised?: boolean;
}

/** Deviations farther apart make a penalty blind to one column or the other. */
export const widestScales = 1e8;

/**
 * What is wrong with data before a fit: constant columns, exact duplicates and linear relations (up to 1,000 columns,
 * fewer than rows), scales too far apart, and single columns that give a class away. Each found in time linear in the
 * stored values but for relations, which are looked for in a sample of rows and tried on all. A column of zeros in a
 * sparse matrix is no remark, since it is what an encoder leaves of words that do not occur.
 * @throws `unknown-option`, `invalid-option`
 */
export function diagnose(data: Dataset, options: DiagnoseOptions = {}): FitWarning[] {
  checkDataset(data);
  checkKeys(options, ["penalised"], "diagnose");
  const penalised = checkBoolean(options.penalised ?? false, "penalised");
  const moments = momentsOf(data);
  const found = [
    ...constants(data, moments),
    ...(penalised ? [] : dependent(data, moments)),
    ...farScales(data, moments),
    ...giveaways(data),
  ];
  const columns = penalised ? "constant" : "constant, repeated or dependent";
  const nothing = `Nothing found: no ${columns} columns, no scales far apart, no column that gives a class away.`;
  return orNothing(found, nothing);
}

/**
 * Whether the classes that a model was fitted to without a penalty or bounds are separable by a plane, wholly or but for ties,
 * so that no finite weights are best; with the features that do it. Ties are looked for up to 2,000 parameters.
 * @throws `width-mismatch`, `invalid-label`
 */
export function diagnoseFit(model: LinearModel, data: Dataset): FitWarning[] {
  checkModel(model);
  checkDataset(data);
  checkWidth(model, data.features);
  if (model.lambda > 0 || model.bounds !== null)
    return orNothing([], "Nothing to look for: a penalty or bounds keep the weights finite.");
  const own = data.withClasses(model.classes);
  const design = weighedDesign(own);
  const { deviations } = momentsOf(own);
  const { fitIntercept } = model;
  const found: FitWarning[] = [];
  for (const likelihood of likelihoodsOf(model, design, 0)) {
    const small = likelihood.score.length <= mostParameters;
    const inverted =
      small && !likelihood.separates ? invertInformation(design, likelihood, fitIntercept) : null;
    const warning = separationOf(likelihood, inverted, own.featureNames, deviations);
    if (warning !== null && found.every(({ message }) => message !== warning.message)) found.push(warning);
  }
  return orNothing(found, "Nothing found: no plane separates the classes, so the best weights are finite.");
}

function constants(data: Dataset, { constant, first }: Moments): FitWarning[] {
  const sparse = data.features.kind === "csr";
  const columns = numbers(data).filter((j) => constant[j] === 1 && !(sparse && first[j] === 0));
  if (columns.length === 0) return [];
  const names = listed(columns.map((j) => data.featureNames.at(j)));
  return [
    {
      code: "constant-column",
      message: `${counted(columns.length, "column has", "columns have")} one value in all rows: ${names}. That tells nothing of the class.`,
      remedy: "Leave out what is constant.",
    },
  ];
}

function dependent(data: Dataset, moments: Moments): FitWarning[] {
  const { columns, rows, featureNames } = data;
  if (columns >= rows) {
    return [
      {
        code: "more-columns-than-rows",
        message: `There are ${grouped(columns)} columns and ${grouped(rows)} rows, so without a penalty many weights fit equally well.`,
        remedy: 'Set penalty to "l2".',
      },
    ];
  }
  const leaders = duplicatesOf(data);
  const varied = numbers(data).filter((j) => moments.constant[j] === 0);
  const copies = varied.filter((j) => leaders[j] !== j);
  const found: FitWarning[] = [];
  if (copies.length > 0) {
    const pairs = copies
      .slice(0, 5)
      .map((j) => `"${featureNames.at(j)}" is "${featureNames.at(leaders[j])}"`);
    const more = copies.length > pairs.length ? ` and ${copies.length - pairs.length} more` : "";
    found.push({
      code: "duplicate-column",
      message: `${counted(copies.length, "column repeats", "columns repeat")} another value by value: ${pairs.join(", ")}${more}. Their weights are not determined but for the sum.`,
      remedy: "Leave out the copies.",
    });
  }
  const own = varied.filter((j) => leaders[j] === j);
  if (own.length > mostChecked) {
    found.push({
      code: "collinearity-unchecked",
      message: `Whether columns depend on each other was not checked, since there are ${own.length}, above ${mostChecked}.`,
      remedy: 'Set penalty to "l2" where that may be.',
    });
  } else {
    for (const { column, others } of own.length > 0 ? relationsOf(data, own, moments) : []) {
      const names = listed(others.map((j) => featureNames.at(j)));
      found.push({
        code: "collinear-columns",
        message: `"${featureNames.at(column)}" is a sum of multiples of ${names} and a constant, so without a penalty many weights fit equally well.`,
        remedy: 'Leave one of them out, or set penalty to "l2".',
      });
    }
  }
  return found;
}

/** Columns whose standard deviations lie so far apart that a penalty is blind to some, as one warning at most. */
export function farScales(data: Dataset, { deviations, constant }: Moments): FitWarning[] {
  const varied = numbers(data).filter((j) => constant[j] === 0);
  const scaled = (j: number) => deviations[j] * (data.scale === null ? 1 : data.scale[j]);
  if (varied.length === 0) return [];
  const least = varied.reduce((a, b) => (scaled(b) < scaled(a) ? b : a));
  const most = varied.reduce((a, b) => (scaled(b) > scaled(a) ? b : a));
  if (!(scaled(most) > widestScales * scaled(least))) return [];
  const at = (j: number) => `"${data.featureNames.at(j)}" (${scaled(j).toExponential(1)})`;
  return [
    {
      code: "bad-scaling",
      message: `Standard deviations lie far apart, from ${at(least)} to ${at(most)}, so a penalty holds down the former alone.`,
      remedy: "Standardise the columns.",
    },
  ];
}

function giveaways(data: Dataset): FitWarning[] {
  const found = separatingColumns(data) ?? [];
  if (found.length === 0) return [];
  const shown = found.map(({ column, class: k }) => {
    return `${data.featureNames.at(column)} (${String(data.classes[k])})`;
  });
  return [
    {
      code: "separating-column",
      message: `${counted(found.length, "column alone tells", "columns alone tell")} a class from all others: ${listed(shown)}. Without a penalty its weight grows without end.`,
      remedy: "Check whether it was known before the class was.",
    },
  ];
}

function numbers({ columns }: Dataset): number[] {
  return Array.from({ length: columns }, (_, j) => j);
}
