import type { Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import type { LinearParts } from "../model/linear";
import { regularizationPath } from "../train/path";
import { boundsOn } from "../train/penalty-options";
import type { PathStep, RegularizationPath } from "../train/regularization-path";

/** Strengths of each stretch of the path, and of its last step where it is looked at more closely. */
const steps = 25;
const closer = 12;
/** The share of its first strength at which a stretch ends, and how many stretches there are. */
const ratio = 0.1;
const stretches = 4;

/** What a path of L1 fits says of the weights of a model. */
interface L1Path {
  /** The strength at which each weight enters, finer by its size there; 0 where it does not, or is not in the model. */
  readonly importances: Float64Array;
  /** The first fit of the path with as many weights as wanted. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
}

/**
 * Fits to the model's features, within its bounds, by L1 penalties that weaken until as many of its weights are in as are wanted (the lasso,
 * Tibshirani, 1996; its path, Friedman, Hastie and Tibshirani, 2010). The steps between which the last of them enter are
 * fitted more finely.
 * @param data rows whose labels are numbered as the model's classes
 */
export async function l1Path(
  data: Dataset,
  model: LinearParts,
  wanted: number,
  watch: Watch,
): Promise<L1Path> {
  const { weights, link, fitIntercept = true } = model;
  const outputs = model.intercepts.length;
  const columns = Uint32Array.from(Array(data.columns).keys()).filter((j) =>
    weights.subarray(j * outputs, (j + 1) * outputs).some((w) => w !== 0),
  );
  const rows = data.select(columns);
  const { lower, upper } = boundsOn(columns, model.bounds ?? null) ?? { lower: null, upper: null };
  const common = {
    penalty: "l1",
    bounds: { lower: lower ?? undefined, upper: upper ?? undefined },
    earlyStop: false,
    fitIntercept,
    tolerance: 1e-4,
    multiclass: link === "ovr" ? "ovr" : "softmax",
  } as const;
  const alive = (step: PathStep): Float64Array => {
    const full = new Float64Array(weights.length);
    step.model.weights.forEach((w, at) => {
      const place = columns[Math.floor(at / outputs)] * outputs + (at % outputs);
      if (weights[place] !== 0) full[place] = w;
    });
    return full;
  };
  const found: { lambda: number; weights: Float64Array; step: PathStep }[] = [];
  const take = (path: RegularizationPath) => {
    for (const step of path.steps) found.push({ lambda: step.lambda, weights: alive(step), step });
  };
  const enough = () => found.length > 0 && count(found[found.length - 1].weights) >= wanted;
  take(await regularizationPath(rows, { ...common, lambdas: steps, lambdaRatio: ratio }, watch));
  for (let stretch = 1; stretch < stretches && !enough(); stretch++) {
    const last = found[found.length - 1].lambda;
    const lambdas = Array.from({ length: steps }, (_, i) => last * ratio ** ((i + 1) / steps));
    take(await regularizationPath(rows, { ...common, lambdas }, watch));
  }
  const at = found.findIndex((one) => count(one.weights) >= wanted);
  if (at > 0) {
    const [high, low] = [found[at - 1].lambda, found[at].lambda];
    const lambdas = Array.from({ length: closer }, (_, i) => high * (low / high) ** ((i + 1) / (closer + 1)));
    take(await regularizationPath(rows, { ...common, lambdas }, watch));
    found.sort((a, b) => b.lambda - a.lambda);
  }
  const chosen = found.find((one) => count(one.weights) >= wanted) ?? found[found.length - 1];
  return {
    importances: demoted(entries(found, model), chosen, found[0].lambda, count(chosen.weights) >= wanted),
    weights: chosen.weights,
    intercepts: chosen.step.model.intercepts,
  };
}

function count(weights: Float64Array): number {
  return weights.reduce((sum, w) => sum + Number(w !== 0), 0);
}

/** Weights that have left the path before the chosen fit come after all that are in it. */
function demoted(
  importances: Float64Array,
  chosen: { readonly lambda: number; readonly weights: Float64Array },
  most: number,
  enough: boolean,
): Float64Array {
  if (!enough) return importances;
  return importances.map((entry, at) => {
    if (chosen.weights[at] !== 0 || entry < chosen.lambda) return entry;
    return 0.99 * chosen.lambda * (entry / most);
  });
}

/** The strengths at which weights enter; of those that enter in one step the larger have entered first. */
function entries(
  found: readonly { readonly lambda: number; readonly weights: Float64Array }[],
  { scale, intercepts }: LinearParts,
): Float64Array {
  const outputs = intercepts.length;
  const size = (w: number, at: number) =>
    Math.abs(w) / (scale === null ? 1 : scale[Math.floor(at / outputs)]);
  const importances = new Float64Array(found[0].weights.length);
  found.forEach(({ lambda, weights }, i) => {
    const before = i === 0 ? lambda : found[i - 1].lambda;
    const most = weights.reduce((top, w, at) => Math.max(top, size(w, at)), 0);
    weights.forEach((w, at) => {
      if (w === 0 || importances[at] > 0) return;
      importances[at] = lambda + (before - lambda) * 0.999 * (size(w, at) / most);
    });
  });
  return importances;
}
