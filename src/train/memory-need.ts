import { availableMemory } from "node:process";
import { fail } from "../base/errors";
import { grouped } from "../base/grouped";
import { chooseSolver, together as inLockstep, type Shape } from "./choose";
import type { Job } from "./job";
import type { SolverName } from "./options";
import { sharedFactorPays } from "./shared-factor";

/** What the memory of a fit depends on. */
interface Need extends Shape {
  /** Whether each value is stored. */
  readonly valued: boolean;
  /** The outputs of the model. */
  readonly outputs: number;
  /** The outputs that are fitted at a time. */
  readonly together: number;
  readonly solver: SolverName;
  /** Fits that are done side by side. */
  readonly fits: number;
}

/** What any machine has free: to ask takes as long as a part of a small fit. */
const surelyFree = 2 ** 24;
/** Places of weights are 32-bit integers. */
const mostWeights = 2 ** 32;

/** The address space of 32-bit WebAssembly. */
const mostBytes = 2 ** 32;

/** Tables of one number for each parameter that a solver holds: point, gradient, direction and the like. */
const tables: Readonly<Record<SolverName, number>> = {
  newton: 10,
  "newton-cholesky": 6,
  lbfgs: 28,
  dual: 2,
  "prox-newton": 2,
};

/**
 * The bytes of WebAssembly's memory that a fit needs at least: the one copy of the data, what the loss keeps of each
 * row, and a solver's tables.
 */
export function leastBytes(need: Need): number {
  const { rows, columns, nonzeros, dense, valued, together, solver, fits } = need;
  const stored = (valued ? 4 : 0) + (dense ? 0 : 4);
  const data = nonzeros * stored + (dense ? 0 : 4 * (rows + 1)) + 12 * rows;
  const loss = together === 1 ? 24 * rows : 16 * rows * together;
  const parameters = (columns + 1) * together;
  const shared = solver === "lbfgs" && sharedFactorPays(need, together);
  const square =
    solver === "newton-cholesky"
      ? 8 * parameters ** 2
      : shared
        ? 32 * (columns + 1) ** 2 + 176 * parameters
        : 0;
  return data + fits * (loss + square + 8 * tables[solver] * parameters);
}

/** The need of the most demanding of some jobs. @throws `invalid-option` for a solver that does not suit its plan */
export function needOf(
  jobs: readonly Job[],
  shape: Shape & Pick<Need, "valued" | "outputs">,
  threads: number,
): Need {
  const needs = jobs.map((job): Need => {
    const fits = Math.min(threads, jobs.length);
    if (job.kind === "module") return { ...shape, together: shape.outputs, solver: "dual", fits };
    const plan = job.kind === "fit" ? job.plan : job.path.plan;
    const { solver } = chooseSolver(plan, shape);
    // Along a path each class goes on from where it was.
    const together = job.kind === "fit" && !inLockstep(plan, shape) ? 1 : shape.outputs;
    return { ...shape, together, solver, fits };
  });
  return needs.reduce((most, need) => (leastBytes(need) > leastBytes(most) ? need : most));
}

/**
 * Refuses, before anything is copied, what can't be done in the address space or with the memory that the machine has.
 * @param free bytes that can be had; asked of the machine where left out and not sure to be enough
 * @throws `invalid-data`
 */
export function checkMemory(need: Need, free?: number): void {
  const { rows, columns, outputs, solver } = need;
  const bytes = leastBytes(need);
  // The weights of the answer lie outside; zeros among them, which a penalty makes, take no room.
  const all = bytes + (solver === "prox-newton" ? 0 : 8 * columns * outputs);
  if (columns * outputs >= mostWeights) {
    fail("invalid-data", {
      thing: "number of weights",
      value: columns * outputs,
      expected: `below ${mostWeights}`,
      remedy: remedyFor(need),
    });
  }
  if (free === undefined && all <= surelyFree) return;
  const had = free ?? availableMemory();
  if (bytes <= mostBytes && all <= had) return;
  const beyond = bytes > mostBytes && mostBytes < had;
  fail("invalid-data", {
    thing: `bytes of memory that a fit of ${grouped(rows)} rows x ${grouped(columns)} columns x ${outputs} outputs needs`,
    value: beyond ? bytes : all,
    expected: `at most ${beyond ? mostBytes : had}, ${beyond ? "the address space of WebAssembly" : "what the machine has free"}`,
    remedy: remedyFor(need),
  });
}

function remedyFor({ solver, together }: Need): string {
  const less = "Fit on fewer rows, hash to fewer columns, or leave out rare classes";
  if (solver === "prox-newton") return together === 1 ? `${less}.` : `${less}, or set multiclass to "ovr".`;
  return `${less}, or set penalty to "l1", whose solver holds the fewest tables.`;
}
