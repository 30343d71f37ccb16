import type { Watch } from "../base/progress";
import type { LinearParts } from "../model/linear";
import type { PathOptions } from "../train/path";
import { denseOf } from "../train/sparse-weights";
import type { PathFit, PruneRows } from "./rows";

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
 * @param rows whose labels are numbered as the model's classes
 */
export async function l1Path(
  rows: PruneRows,
  model: LinearParts,
  wanted: number,
  watch: Watch,
): Promise<L1Path> {
  const { weights, link, fitIntercept = true } = model;
  const outputs = model.intercepts.length;
  const columns = Uint32Array.from(Array(weights.length / outputs).keys()).filter((j) =>
    weights.subarray(j * outputs, (j + 1) * outputs).some((w) => w !== 0),
  );
  const common = {
    penalty: "l1",
    earlyStop: false,
    fitIntercept,
    tolerance: 1e-4,
    multiclass: link === "ovr" ? "ovr" : "softmax",
  } as const;
  const found: PathFit[] = [];
  const take = async (strengths: Strengths) => {
    const path = await rows.path(model, columns, { ...common, ...strengths }, watch);
    for (const fit of path) found.push(aliveIn(fit, weights));
  };
  const enough = () => found.length > 0 && count(found[found.length - 1]) >= wanted;
  await take({ lambdas: steps, lambdaRatio: ratio });
  for (let stretch = 1; stretch < stretches && !enough(); stretch++) {
    const last = found[found.length - 1].lambda;
    await take({ lambdas: Array.from({ length: steps }, (_, i) => last * ratio ** ((i + 1) / steps)) });
  }
  const at = found.findIndex((one) => count(one) >= wanted);
  if (at > 0) {
    const [high, low] = [found[at - 1].lambda, found[at].lambda];
    await take({
      lambdas: Array.from({ length: closer }, (_, i) => high * (low / high) ** ((i + 1) / (closer + 1))),
    });
    found.sort((a, b) => b.lambda - a.lambda);
  }
  const chosen = found.find((one) => count(one) >= wanted) ?? found[found.length - 1];
  const survivors = denseOf(chosen.weights);
  return {
    importances: demoted(
      entries(found, model),
      { lambda: chosen.lambda, weights: survivors },
      found[0].lambda,
      count(chosen) >= wanted,
    ),
    weights: survivors,
    intercepts: chosen.intercepts,
  };
}

type Strengths = Pick<PathOptions, "lambdas" | "lambdaRatio">;

/** A fit without what the model has no weight for. */
function aliveIn(fit: PathFit, weights: Float64Array): PathFit {
  const { length, places, values } = fit.weights;
  const alive = places.map((at) => Number(weights[at] !== 0));
  const own = { length, places: places.filter((_, i) => alive[i] === 1) };
  return { ...fit, weights: { ...own, values: values.filter((_, i) => alive[i] === 1) } };
}

function count({ weights }: PathFit): number {
  return weights.places.length;
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
function entries(found: readonly PathFit[], { scale, intercepts, weights }: LinearParts): Float64Array {
  const outputs = intercepts.length;
  const importances = new Float64Array(weights.length);
  found.forEach(({ lambda, weights: { places, values } }, i) => {
    const before = i === 0 ? lambda : found[i - 1].lambda;
    const sizes = values.map((w, n) => {
      return Math.abs(w) / (scale === null ? 1 : scale[Math.floor(places[n] / outputs)]);
    });
    const most = sizes.reduce((top, size) => Math.max(top, size), 0);
    places.forEach((at, n) => {
      if (importances[at] > 0) return;
      importances[at] = lambda + (before - lambda) * 0.999 * (sizes[n] / most);
    });
  });
  return importances;
}
