import type { FitReport, FitStep } from "../model/linear";
import { Figure } from "./figure";
import { grouped, significant } from "./format";
import { axisOf, layoutOf, linearRange, logRange, palette } from "./theme";
import { rounded, spanOf } from "./thin";

/** The loss after an epoch, as in the history of `trainCompressed`. */
export interface LossStep {
  readonly epoch: number;
  readonly loss: number;
}

/** The objective after each iteration of a fit, or any history of losses. */
export function lossChart(history: FitReport | readonly FitStep[] | readonly LossStep[]): Figure {
  const fit = "solver" in history ? history : undefined;
  const steps = stepsOf("solver" in history ? history.history : history);
  const epochs = steps.map((s) => s.epoch);
  const losses = steps.map((s) => rounded(s.loss));
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
  return new Figure({
    data: [
      {
        type: "scatter",
        mode: epochs.length <= 60 ? "lines+markers" : "lines",
        x: epochs,
        y: losses,
        line: { color: palette[0], width: 2 },
        marker: { color: palette[0], size: 6 },
        hovertemplate: "step %{x}<br>loss %{y:.5g}<extra></extra>",
      },
    ],
    layout: layoutOf({
      title: "Loss while training",
      subtitle,
      axes: {
        xaxis: axisOf("Step", "linear", linearRange(epochs, 0.03)),
        yaxis: wide
          ? axisOf("Objective (log scale)", "log", logRange(losses))
          : axisOf("Objective", "linear", linearRange(losses)),
      },
    }),
    summary: `Loss while training: ${subtitle}`,
  });
}

function stepsOf(history: readonly FitStep[] | readonly LossStep[]): LossStep[] {
  return history.map((s) => ("loss" in s ? s : { epoch: s.iteration, loss: s.objective }));
}
