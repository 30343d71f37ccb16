import type { Label } from "../../matrix/dataset";
import type { Link } from "../../model/scorer";
import type { Design } from "../design";
import { chiSquareTail } from "./chi-square";
import type { Likelihood } from "./likelihood";

/** How well a likelihood is fitted; what is not valid is `NaN`. */
export interface LikelihoodRow {
  /** The class against all others: of ovr alone. */
  readonly class?: Label;
  /** The sum of the weights. */
  readonly n: number;
  /** Parameters that the fit chose, intercepts included. */
  readonly parameters: number;
  /** Minus twice the log-likelihood. */
  readonly deviance: number;
  /** That of the intercepts alone; of even chances where there are none. */
  readonly nullDeviance: number;
  /** Akaike's criterion: deviance + 2 parameters. */
  readonly aic: number;
  /** Schwarz's criterion: deviance + parameters log(n). */
  readonly bic: number;
  /** McFadden's (1974): 1 - deviance / nullDeviance. */
  readonly mcFaddenR2: number;
  /** The test of all features at once: nullDeviance - deviance, chi-square with `degrees` degrees of freedom. */
  readonly likelihoodRatio: number;
  /** The degrees of freedom of the test. */
  readonly degrees: number;
  /** The chance of a statistic at least as large if it were not so. */
  readonly p: number;
}

/** @param valid whether the parameters are at the maximum of the likelihood */
export function goodnessOf(
  { labels, shares, rows }: Design,
  { blocks, width, value }: Likelihood,
  link: Link,
  fitIntercept: boolean,
  valid: boolean,
): LikelihoodRow {
  const masses = new Map<number, number>();
  let n = 0;
  for (let i = 0; i < rows; i++) {
    const k = link === "softmax" ? labels[i] : Number(labels[i] === blocks[0]);
    masses.set(k, (masses.get(k) ?? 0) + shares[i]);
    n += shares[i];
  }
  let nullDeviance = fitIntercept ? 0 : 2 * n * Math.log(blocks.length + 1);
  for (const mass of fitIntercept ? masses.values() : []) {
    if (mass > 0) nullDeviance -= 2 * mass * Math.log(mass / n);
  }
  const degrees = blocks.length * (width - 1);
  const parameters = degrees + (fitIntercept ? blocks.length : 0);
  const deviance = -2 * value;
  const likelihoodRatio = nullDeviance - deviance;
  const or = (x: number) => (valid ? x : Number.NaN);
  return {
    n,
    parameters,
    deviance,
    nullDeviance,
    aic: or(deviance + 2 * parameters),
    bic: or(deviance + parameters * Math.log(n)),
    mcFaddenR2: 1 - deviance / nullDeviance,
    likelihoodRatio: or(likelihoodRatio),
    degrees,
    p: or(chiSquareTail(likelihoodRatio, degrees)),
  };
}
