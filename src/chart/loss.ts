import type { FitReport, FitStep } from "../model/linear";
import { Figure } from "./figure";
import { significant } from "./format";
import { axisOf, layoutOf, linearRange, logRange, palette } from "./theme";
import { thinLine } from "./thin";

/** The loss after an epoch, as in the history of `trainCompressed`. */
export interface LossStep {
  readonly epoch: number;
  readonly loss: number;
}

/** The objective after each iteration of a fit, or any history of losses. */
export function lossChart(history: FitReport | readonly FitStep[] | readonly LossStep[]): Figure {
  const fit = "solver" in history ? history : undefined;
  const steps = stepsOf("solver" in history ? history.history : history);
  const line = thinLine(
    steps.map((s) => s.epoch),
    steps.map((s) => s.loss),
  );
  const wide = line.y.length > 0 && Math.min(...line.y) > 0 && Math.max(...line.y) > 20 * Math.min(...line.y);
  const first = steps[0]?.loss ?? Number.NaN;
  const last = steps[steps.length - 1]?.loss ?? Number.NaN;
  const subtitle = [
    `${significant(first)} → ${significant(last)} in ${steps.length} steps`,
    ...(fit === undefined
      ? []
      : [fit.converged ? `converged (${fit.solver})` : `not converged (${fit.solver})`]),
    ...(line.note === "" ? [] : [line.note]),
  ].join(" · ");
  return new Figure({
    data: [
      {
        type: "scatter",
        mode: line.x.length <= 60 ? "lines+markers" : "lines",
        x: line.x,
        y: line.y,
        line: { color: palette[0], width: 2 },
        marker: { color: palette[0], size: 6 },
        hovertemplate: "step %{x}<br>loss %{y:.5g}<extra></extra>",
      },
    ],
    layout: layoutOf({
      title: "Loss while training",
      subtitle,
      axes: {
        xaxis: axisOf("Step", "linear", linearRange(line.x, 0.03)),
        yaxis: wide
          ? axisOf("Objective (log scale)", "log", logRange(line.y))
          : axisOf("Objective", "linear", linearRange(line.y)),
      },
    }),
    summary: `Loss while training: ${subtitle}`,
  });
}

function stepsOf(history: readonly FitStep[] | readonly LossStep[]): LossStep[] {
  return history.map((s) => ("loss" in s ? s : { epoch: s.iteration, loss: s.objective }));
}
