import type { FeatureBounds } from "../model/linear";
import type { Link } from "../model/scorer";
import { partingOf } from "../quantize/codes";
import { unitsOf } from "../quantize/parting";
import { QuantizedModel } from "../quantize/quantized";
import {
  factorOf,
  levelOf,
  parametersOf,
  plainSchemes,
  type Scheme,
  withParameters,
} from "../quantize/schemes";
import { type Box, boxOf } from "../train/level-box";
import type { FoldPart } from "./aggregate";
import { factorsOf } from "./table-plan";

/** Codes whose levels or scales and intercepts are to be fitted to all rows. */
export interface LevelTask {
  /** The columns of the rows. */
  readonly columns: number;
  readonly link: Link;
  readonly classes: number;
  readonly factors: Float64Array;
  /** The rows that count; `null` for all. */
  readonly part: FoldPart | null;
  readonly lambda: number;
  readonly fitIntercept: boolean;
  /** The unit of each column's weights in the penalty, `null` for one. */
  readonly scale: Float32Array | null;
  /** Where the stored weights lie in the table of weights. */
  readonly positions: Uint32Array;
  /** The level or scale of each, and what it is multiplied by. */
  readonly parameters: Uint32Array;
  readonly worth: Float64Array;
  /** The levels or scales; none where weights stay as they are. */
  readonly levels: Float64Array;
  readonly intercepts: Float64Array;
  /** Between what each level, then each intercept, stays; `null` for no bounds. */
  readonly box: Pick<Box, "lower" | "upper"> | null;
}

/** How levels are fitted to all rows. */
export interface LevelsPlan {
  /** The strength of the L2 penalty on the weights that levels give. */
  readonly lambda: number;
  readonly scale: Float32Array | null;
  readonly fitIntercept?: boolean | undefined;
  /** Within what the weights stay. Default: no bounds. */
  readonly bounds?: FeatureBounds | null;
  /** How levels and intercepts are rounded. */
  readonly stored: {
    readonly levels: (values: Float64Array) => Float64Array;
    readonly intercepts: (values: Float64Array) => Float64Array;
  };
}

/** The task of a plan. @param masses the sum of the weights of each class */
export function levelTask(
  coded: QuantizedModel,
  { lambda, scale, fitIntercept = true, bounds = null }: LevelsPlan,
  columns: number,
  masses: Float64Array,
): LevelTask {
  const { link, classes, intercepts } = coded;
  const own = levelsIn(coded);
  const held = own.levels.length === 0;
  return {
    part: null,
    ...{ columns, link, lambda, fitIntercept, scale, intercepts, classes: classes.length },
    factors: factorsOf(classes, masses, null),
    ...own,
    box: boxOf({ ...own, factors: own.worth, intercepts, bounds, held }),
  };
}

/** Codes with the levels and intercepts that were found. */
export function withFound(
  coded: QuantizedModel,
  { levels, intercepts }: Pick<LevelTask, "levels" | "intercepts">,
  { stored }: LevelsPlan,
): QuantizedModel {
  const { classes, link, featureNames, positions, codes, quantization } = coded;
  return new QuantizedModel({
    ...{ classes, link, featureNames, positions, codes, quantization },
    scheme: withLevels(coded.scheme, stored.levels(levels)),
    intercepts: stored.intercepts(intercepts),
  });
}

/** The levels of a model's codes, each weight being its level times its worth. */
function levelsIn(model: QuantizedModel): Pick<LevelTask, "positions" | "parameters" | "worth" | "levels"> {
  const { positions, codes, scheme, outputs } = model;
  const schemes = plainSchemes(scheme);
  const { units } = unitsOf(partingOf(scheme), positions, outputs);
  if (schemes[0].kind === "float") {
    const worth = Float64Array.from(codes, (code, i) => levelOf(schemes[units[i]], code));
    return { positions, worth, parameters: new Uint32Array(positions.length), levels: new Float64Array(0) };
  }
  const numbers: number[] = [];
  const starts = schemes.map((plain) => numbers.push(...parametersOf(plain)) - parametersOf(plain).length);
  const parameters = Uint32Array.from(codes, (code, i) => {
    return starts[units[i]] + (schemes[units[i]].kind === "codebook" ? code : 0);
  });
  const worth = Float64Array.from(codes, (code, i) => factorOf(schemes[units[i]], code));
  return { positions, parameters, worth, levels: Float64Array.from(numbers) };
}

/** The same scheme with other levels or scales. */
function withLevels(scheme: Scheme, levels: Float64Array): Scheme {
  let at = 0;
  const schemes = plainSchemes(scheme).map((plain) => {
    const from = at;
    at += parametersOf(plain).length;
    return withParameters(plain, levels.slice(from, at));
  });
  return scheme.kind === "parted" ? { ...scheme, schemes } : schemes[0];
}
