import type { FitReport, FitStep } from "../model/linear";
import { Figure, type Trace } from "./figure";
import { grouped, significant } from "./format";
import { axisOf, layoutOf, linearRange, logRange, palette } from "./theme";
import { rounded, spanOf } from "./thin";

/** The loss after an epoch, as in the history of `trainCompressed`. */
export interface LossStep {
  /** The number of the epoch; 0 is the start. */
  readonly epoch: number;
  /** The loss after it. */
  readonly loss: number;
}

/**
 * The objective after each iteration of a fit, or any history of losses; below it the duality gap, where the history
 * knows it.
 */
export function lossChart(history: FitReport | readonly FitStep[] | readonly LossStep[]): Figure {
  const fit = "solver" in history ? history : undefined;
  const given = "solver" in history ? history.history : history;
  const steps = stepsOf(given);
  const epochs = steps.map((s) => s.epoch);
  const losses = steps.map((s) => rounded(s.loss));
  const gaps = gapsOf(given);
  const { low, high } = spanOf(losses.filter(Number.isFinite));
  const wide = low > 0 && high > 20 * low;
  const first = steps[0]?.loss ?? Number.NaN;
  const last = steps[steps.length - 1]?.loss ?? Number.NaN;
  const subtitle = [
    `${significant(first)} → ${significant(last)} in ${grouped(steps.length)} steps`,
    ...(fit === undefined
      ? []
      : [fit.converged ? `converged (${fit.solver})` : `not converged (${fit.solver})`]),
  ].join(" · ");
  const range = linearRange(epochs, 0.03);
  const upper = gaps === undefined ? {} : { domain: [0.48, 1] as const };
  return new Figure({
    data: [
      lineOf(epochs, losses, "loss", palette[0]),
      ...(gaps === undefined
        ? []
        : [{ ...lineOf(epochs, gaps, "duality gap", palette[1]), xaxis: "x2", yaxis: "y2" } as const]),
    ],
    layout: layoutOf({
      title: "Loss while training",
      subtitle,
      height: gaps === undefined ? 380 : 500,
      axes: {
        xaxis: axisOf(
          gaps === undefined ? "Step" : "",
          "linear",
          range,
          gaps === undefined ? {} : { showticklabels: false },
        ),
        yaxis: wide
          ? axisOf("Objective (log scale)", "log", logRange(losses), upper)
          : axisOf("Objective", "linear", linearRange(losses), upper),
        ...(gaps === undefined
          ? {}
          : {
              xaxis2: axisOf("Step", "linear", range, { anchor: "y2", matches: "x" }),
              yaxis2: axisOf("Gap (log scale)", "log", logRange(gaps.filter(Number.isFinite)), {
                domain: [0, 0.4],
                anchor: "x2",
                ...exponents,
              }),
            }),
      },
    }),
    summary: `Loss while training: ${subtitle}`,
  });
}

const exponents = { tickformat: ".0e" } as const;

function lineOf(x: readonly number[], y: readonly number[], what: string, color: string): Trace {
  return {
    type: "scatter",
    mode: x.length <= 60 ? "lines+markers" : "lines",
    x,
    y,
    line: { color, width: 2 },
    marker: { color, size: 6 },
    ...(what === "loss" ? {} : { showlegend: false }),
    hovertemplate: `step %{x}<br>${what} %{y:.5g}<extra></extra>`,
  };
}

/** The gap after each step, NaN where it is not known or not above zero; nothing where fewer than two are. */
function gapsOf(history: readonly FitStep[] | readonly LossStep[]): number[] | undefined {
  const gaps = history.map((step) => {
    const gap = "loss" in step ? Number.NaN : (step.dualityGap ?? Number.NaN);
    return gap > 0 && Number.isFinite(gap) ? rounded(gap) : Number.NaN;
  });
  return gaps.filter(Number.isFinite).length < 2 ? undefined : gaps;
}

function stepsOf(history: readonly FitStep[] | readonly LossStep[]): LossStep[] {
  return history.map((s) => ("loss" in s ? s : { epoch: s.iteration, loss: s.objective }));
}
