import { twoSidedTail } from "./normal";

/**
 * The chance that a chi-square number of `degrees` >= 1 whole degrees of freedom is above `x`: a finite sum of positive terms
 * (NIST Digital Library of Mathematical Functions, 8.4.10 and 8.4.14), so that small chances keep their digits.
 */
export function chiSquareTail(x: number, degrees: number): number {
  if (!(x > 0)) return 1;
  const half = x / 2;
  const odd = degrees % 2 === 1;
  let sum = odd ? twoSidedTail(Math.sqrt(x)) : 0;
  let logTerm = odd ? Math.log(half) / 2 - half - Math.log(Math.sqrt(Math.PI) / 2) : -half;
  for (let k = 0; k < Math.floor(degrees / 2); k++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log(half / (k + (odd ? 1.5 : 1)));
  }
  return Math.min(1, sum);
}
