import type { FeatureNames } from "../../matrix/names";
import { type FitWarning, listed } from "../../model/warning";
import type { InvertedInformation, Singular } from "../inference/information";
import type { Likelihood } from "../inference/likelihood";

/** How far below zero, beside the greatest rise, rounding and the end of a fit may leave a margin that only rises. */
const slack = 1e-3;
/** Rises below this, in standard deviations of a column, are rounding. */
const leastRise = 1e-4;
const shown = 5;

/**
 * Whether the classes are separable, completely or but for ties (Albert and Anderson, 1984), so that the likelihood
 * has no maximum: by a fit that has all rows right, or by a Newton step, or a direction without
 * curvature, along which every row's own margin rises.
 * @param deviations the spread of each column, by which features are ranked
 */
export function separationOf(
  likelihood: Likelihood,
  inverted: InvertedInformation | Singular | null,
  names: FeatureNames,
  deviations: Float64Array,
): FitWarning | null {
  const remedy = 'Set penalty to "l2", or leave out the features that give the classes away.';
  if (likelihood.separates) {
    const top = topFeatures(likelihood, likelihood.coefficients, names, deviations);
    return {
      code: "separable",
      message: `A plane separates the classes, so without a penalty the weights grow without end and the loss falls to 0. The most in it: ${listed(top)}.`,
      remedy,
    };
  }
  const direction = inverted === null ? null : rising(likelihood, inverted, deviations);
  if (direction === null) return null;
  const top = topFeatures(likelihood, direction, names, deviations);
  return {
    code: "quasi-separable",
    message: `A plane separates some rows of the classes and has no row on the wrong side, so without a penalty weights grow without end. The most in it: ${listed(top)}.`,
    remedy,
  };
}

/** The direction along which no margin falls and some rise, or `null`. */
function rising(
  likelihood: Likelihood,
  inverted: InvertedInformation | Singular,
  deviations: Float64Array,
): Float64Array | null {
  if ("step" in inverted) {
    const { least, greatest } = likelihood.along(inverted.step);
    return greatest > 0 && least >= -slack * greatest ? inverted.step : null;
  }
  const { direction, parameter } = inverted;
  const column = parameter % likelihood.width;
  const unit = Math.abs(direction[parameter]) * (column < deviations.length ? deviations[column] : 1);
  const { least, greatest } = likelihood.along(direction);
  if (greatest > leastRise * unit && least >= -slack * greatest) return direction;
  if (-least > leastRise * unit && -greatest >= slack * least) return direction.map((x) => -x);
  return null;
}

/** The features that move margins the most when the parameters go along a direction. */
function topFeatures(
  { width, blocks }: Likelihood,
  direction: Float64Array,
  names: FeatureNames,
  deviations: Float64Array,
): string[] {
  const effects = Float64Array.from({ length: width - 1 }, (_, j) => {
    let effect = 0;
    for (let b = 0; b < blocks.length; b++) {
      effect = Math.max(effect, Math.abs(direction[b * width + j]) * deviations[j]);
    }
    return effect;
  });
  const order = Uint32Array.from(effects.keys()).sort((a, b) => effects[b] - effects[a] || a - b);
  const least = 1e-3 * (effects[order[0]] ?? 0);
  return Array.from(order.subarray(0, shown))
    .filter((j) => effects[j] > least)
    .map((j) => names.at(j));
}
