import type { Watch } from "../base/progress";
import type { Compression } from "../compress/compression";
import type { LinearParts } from "../model/linear";
import { denseOf } from "../train/sparse-weights";
import type { Draw } from "./aggregate";
import type { SampledSubject } from "./judged-search";
import type { JudgedModel } from "./judged-table";
import type { RowsPart, SummedTable } from "./summed-rows";
import { inFolds } from "./table-cross-validate";

/** The gap, relative to the objective, at which a fit ends. */
const tolerance = 1e-6;
const mostIterations = 300;

/** The uncompressed model, fitted without the rows of each fold. */
export interface Uncompressed {
  /** The strength of its L2 penalty. */
  readonly lambda: number;
  readonly fits: readonly JudgedModel[];
  /** The fits that did not come to their tolerance. */
  readonly unconverged: number;
}

/**
 * Fits the uncompressed model of a search to parts of all rows: of the features that it was by, with the L2 penalty of the model that is
 * compressed. Where there is none, the search chose the strength for a sample, and more rows want a weaker one: of that, that times the share of
 * the sample, and between, the one of least log-loss on the rows left out is taken.
 */
export async function uncompressedOf(
  table: SummedTable,
  { baseline, points }: Compression,
  subject: SampledSubject,
  parts: readonly RowsPart[],
  { share }: Draw,
  watch: Watch,
): Promise<Uncompressed> {
  const { model } = points[0];
  const { lambda } = baseline;
  const lambdas = subject.model === null ? [lambda, lambda * Math.sqrt(share), lambda * share] : [lambda];
  const fitted = await inFolds(parts.length, table.together, async (fold) => {
    return await fitsOf(table, model, subject, lambdas, parts[fold], watch);
  });
  const at =
    lambdas.length === 1
      ? 0
      : await bestOf(
          table,
          fitted.map(({ models }) => models),
          parts,
          watch,
        );
  const unconverged = fitted.filter(({ converged }) => !converged[at]).length;
  return { lambda: lambdas[at], fits: fitted.map(({ models }) => models[at]), unconverged };
}

interface FoldFits {
  readonly models: readonly JudgedModel[];
  readonly converged: readonly boolean[];
}

async function fitsOf(
  table: SummedTable,
  {
    classes,
    link,
    featureNames,
    threshold,
    outputs,
    intercepts,
  }: Pick<Compression["model"], "classes" | "link" | "featureNames" | "threshold" | "outputs" | "intercepts">,
  { model, features, scale }: SampledSubject,
  lambdas: readonly number[],
  rows: RowsPart,
  watch: Watch,
): Promise<FoldFits> {
  const rule = { link, threshold };
  const pruned = model?.stage === "pruned";
  if (!pruned && features.length === table.columns) {
    const options = {
      penalty: "l2",
      lambdas,
      tolerance,
      maxIterations: mostIterations,
      earlyStop: false,
    } as const;
    const multiclass = link === "ovr" ? "ovr" : "softmax";
    const some = { part: rows.part!, masses: rows.masses, strengths: lambdas };
    const { steps } = (await table.path({ ...options, multiclass }, watch, some)).outcome;
    return {
      models: steps.map((step) => ({ ...rule, weights: denseOf(step.weights), intercepts: step.intercepts })),
      converged: steps.map(({ fit }) => fit.converged),
    };
  }
  const mask = new Uint8Array(table.columns * outputs);
  for (const j of features) {
    const own = model?.weights.subarray(j * outputs, (j + 1) * outputs);
    if (!pruned || own!.some((w) => w !== 0)) mask.fill(1, j * outputs, (j + 1) * outputs);
  }
  const start: LinearParts = {
    ...{ classes, link, featureNames, scale, intercepts: model?.intercepts ?? intercepts },
    weights: model?.weights ?? new Float64Array(mask.length),
  };
  const models: JudgedModel[] = [];
  const converged: boolean[] = [];
  for (const lambda of lambdas) {
    const { weights, intercepts: own, fit } = await table.refit(start, mask, lambda, rows, watch.signal);
    models.push({ ...rule, weights, intercepts: own });
    converged.push(fit.converged);
  }
  return { models, converged };
}

/** The number of the strength whose fits have the least log-loss on the rows that they lack. */
async function bestOf(
  table: SummedTable,
  fits: readonly (readonly JudgedModel[])[],
  parts: readonly RowsPart[],
  watch: Watch,
): Promise<number> {
  const scores = await inFolds(parts.length, table.together, async (fold) => {
    return await table.scores(fits[fold], { ...parts[fold].part!, held: true }, false, watch);
  });
  const losses = fits[0].map((_, at) => scores.reduce((sum, own) => sum + own[at].logLoss, 0));
  return losses.indexOf(Math.min(...losses));
}
