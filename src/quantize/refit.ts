import { checkCancelled, type Watch } from "../base/progress";
import type { LinearScorer } from "../model/linear";
import type { FitWarning } from "../model/warning";
import type { LevelParts } from "../train/levels";
import { Pace } from "../train/pace";
import { type Coded, decoded, partingOf } from "./codes";
import type { Descent } from "./descend";
import type { QuantizePlan } from "./options";
import { unitsOf } from "./parting";
import { type LevelPrecision, precisionFor, roundTo } from "./precision";
import { QuantizedModel } from "./quantized";
import { type CodingRows, memoryCodingRows } from "./rows";
import { factorOf, parametersOf, plainSchemes, type Scheme, withParameters } from "./schemes";

/** Codes with what they decode to fitted again, and the intercepts. */
export interface Refitted {
  readonly coded: Coded;
  readonly intercepts: Float64Array;
  readonly lambda: number;
  /** The value of the objective, mean loss plus penalty, on the rows of the fit, before levels are rounded. */
  readonly objective: number;
  readonly tried: readonly { readonly lambda: number; readonly logLoss: number }[];
  readonly warnings: readonly FitWarning[];
}

type RefitLevelsPlan = Pick<QuantizePlan, "rows" | "refit" | "rounding" | "levelPrecision" | "leastGain">;

/**
 * Fits levels or scales and intercepts at fixed codes. Of several strengths the one with the smallest log-loss on the validation
 * rows is taken, the first of equals; where none are given a quarter of `data` chooses and the fit that is returned is of all rows.
 */
export async function refitLevels(
  model: LinearScorer,
  positions: Uint32Array,
  coded: Coded,
  intercepts: Float64Array,
  { rows: given, refit, rounding, levelPrecision, leastGain }: RefitLevelsPlan,
  watch: Watch,
): Promise<Refitted> {
  const { lambdas, validation } = refit!;
  const fitAt = async (rows: CodingRows, lambda: number) => {
    const fitted = await fitOnce(model, coded, intercepts, rows, lambda, levelPrecision, watch);
    if (rounding !== "descent") return fitted;
    const descent = rows.descent(model, positions, leastGain);
    return await inTurn(model, descent, fitted, rows, levelPrecision, watch);
  };
  if (lambdas.length === 1) return await fitAt(given!, lambdas[0]);
  const { train, test } =
    validation === null ? await given!.split() : { train: given!, test: memoryCodingRows(validation) };
  const tried: { lambda: number; logLoss: number }[] = [];
  let best: Refitted | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const lambda of lambdas) {
    checkCancelled(watch.signal, "quantize");
    const fitted = await fitAt(train, lambda);
    const logLoss = await test.logLoss(quantizedOf(model, fitted.coded, fitted.intercepts));
    tried.push({ lambda, logLoss });
    if (best === undefined || logLoss < least) [best, least] = [fitted, logLoss];
  }
  const chosen = validation === null ? await fitAt(given!, best!.lambda) : best!;
  return { ...chosen, tried };
}

/** The model of codes. */
function quantizedOf(model: LinearScorer, coded: Coded, intercepts: Float64Array): QuantizedModel {
  const { classes, link, featureNames } = model;
  return new QuantizedModel({ classes, link, featureNames, ...coded, intercepts });
}

/** Rounds of codes and levels at most, and the share of the objective that one has to gain for there to be another. */
const mostRounds = 12;
const leastShare = 1e-4;

/** Moves codes at fixed levels and levels at fixed codes in turn, for as long as the objective falls. */
async function inTurn(
  model: LinearScorer,
  descent: Descent,
  start: Refitted,
  rows: CodingRows,
  precision: LevelPrecision,
  watch: Watch,
): Promise<Refitted> {
  const pace = new Pace(watch, "quantize");
  const priced = ({ objective, coded }: Refitted) => objective + descent.price * coded.positions.length;
  let best = start;
  for (let round = 0; round < mostRounds; round++) {
    const { coded, intercepts, lambda } = best;
    const moved = await descent.from(coded, intercepts, lambda, pace);
    const next = await fitOnce(model, moved, intercepts, rows, lambda, precision, watch);
    const [before, after] = [priced(best), priced(next)];
    if (!(after < before)) break;
    best = next;
    if (after > before * (1 - leastShare)) break;
  }
  return best;
}

async function fitOnce(
  model: LinearScorer,
  coded: Coded,
  intercepts: Float64Array,
  rows: CodingRows,
  lambda: number,
  precision: LevelPrecision,
  watch: Watch,
): Promise<Refitted> {
  const { positions, codes, scheme } = coded;
  const { link, classes, scale, outputs, fitIntercept, bounds } = model;
  const schemes = plainSchemes(scheme);
  const { units } = unitsOf(partingOf(scheme), positions, outputs);
  const starts: number[] = [];
  const numbers: number[] = [];
  for (const plain of schemes) {
    starts.push(numbers.length);
    numbers.push(...parametersOf(plain));
  }
  const { kind } = schemes[0];
  const common = { link, classes, positions, scale, intercepts, fitIntercept, bounds };
  const parts: LevelParts =
    kind === "float"
      ? {
          ...common,
          parameters: new Uint32Array(positions.length),
          factors: decoded(coded, outputs),
          levels: Float64Array.of(1),
          held: true,
        }
      : {
          ...common,
          parameters: Uint32Array.from(
            codes,
            (code, i) => starts[units[i]] + (kind === "codebook" ? code : 0),
          ),
          factors:
            kind === "codebook"
              ? null
              : Float64Array.from(codes, (code, i) => factorOf(schemes[units[i]], code)),
          levels: Float64Array.from(numbers),
        };
  const fitted = await rows.levels(parts, lambda, watch);
  const { levels: found, objective, warnings } = fitted;
  const stored = roundTo(found, precisionFor(found, precision));
  const refitted = schemes.map((plain, u) => withParameters(plain, stored.slice(starts[u], starts[u + 1])));
  const whole: Scheme = scheme.kind === "parted" ? { ...scheme, schemes: refitted } : refitted[0];
  return {
    coded: { positions, codes, scheme: whole },
    intercepts: fitted.intercepts,
    ...{ lambda, objective, tried: [], warnings },
  };
}
