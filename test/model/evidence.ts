import type { FitReport } from "../../src/model/linear";

/** The report of a fit that did not happen, for models put together by hand. */
export const evidence: FitReport = {
  solver: "none",
  solverReason: "",
  passes: 0,
  converged: true,
  objective: 0,
  dualityGap: 0,
  iterations: 0,
  history: [],
  seconds: 0,
  warnings: [],
};
