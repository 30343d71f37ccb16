import { checkShape } from "../base/shape";
import type { Label } from "../matrix/dataset";
import type { FitReport, FitStep } from "../model/linear";
import { escapeLabel, plainLabel, shortLabel } from "./escape";
import { Figure, type Trace } from "./figure";
import { counted, grouped, significant } from "./format";
import { axisOf, layoutOf, linearRange, logRange, palette } from "./theme";
import { rounded, spanOf } from "./thin";

/** The loss after an epoch, as in the history of `trainCompressed`. */
export interface LossStep {
  /** The number of the epoch; 0 is the start. */
  readonly epoch: number;
  /** The loss after it. */
  readonly loss: number;
}

/** One descent: the fit, or that of one class where they are fitted one after another. */
interface Descent {
  readonly of: "loss" | "objective";
  readonly steps: readonly number[];
  readonly losses: readonly number[];
  /** NaN where it is not known or not above zero; nothing where fewer than two are. */
  readonly gaps: readonly number[] | undefined;
  readonly name: string | undefined;
}

function checkStep(step: FitStep | LossStep, thing: string): void {
  const expected = "a step of model.fit.history, or { epoch, loss }";
  checkShape(step, thing, expected, {});
  checkShape(step, thing, expected, "objective" in step ? { objective: "number" } : { loss: "number" });
}

/**
 * The objective after each iteration of a fit, or any history of losses, a line for each class where classes are fitted one after
 * another; below it the duality gap, where the history knows it.
 * @param classes the names of the classes, for a fit of one after another. Default: their numbers
 */
export function lossChart(
  history: FitReport | readonly FitStep[] | readonly LossStep[],
  classes?: readonly Label[],
): Figure {
  if (!Array.isArray(history)) {
    checkShape(history, "history", "model.fit, or a list of steps", { history: "list" });
  }
  const fit = "solver" in history ? history : undefined;
  const all: readonly (FitStep | LossStep)[] = "history" in history ? history.history : history;
  for (const [i, step] of all.entries()) checkStep(step, `step ${i} of the history`);
  const descents = descentsOf(all as readonly FitStep[] | readonly LossStep[], classes);
  const losses = descents.flatMap((descent) => descent.losses);
  const { low, high } = spanOf(losses.filter(Number.isFinite));
  const wide = low > 0 && high > 20 * low;
  const gaps = descents.flatMap((descent) => descent.gaps ?? []);
  const panels = gaps.length > 0;
  const what = fit === undefined && descents[0]?.of === "loss" ? "Loss" : "Objective";
  const subtitle = subtitleOf(descents, fit);
  const steps = descents.flatMap((descent) => descent.steps);
  const range = linearRange(steps, 0.03);
  // Nothing happens between two steps, so that no tick stands there.
  const whole = Math.max(...steps) < 6 ? { dtick: 1 } : {};
  const upper = panels ? { domain: [0.48, 1] as const } : {};
  const named = descents.length > 1 && descents.length < palette.length;
  return new Figure({
    data: descents.flatMap((descent, k) =>
      tracesOf(descent, descents.length < palette.length ? k : 0, named),
    ),
    layout: layoutOf({
      title: "Loss while training",
      subtitle,
      height: panels ? 500 : 380,
      legend: named && descents.length > 2 ? "below" : named,
      axes: {
        xaxis: axisOf(panels ? "" : "Step", "linear", range, panels ? { showticklabels: false } : whole),
        yaxis: wide
          ? axisOf(`${what} (nats, log scale)`, "log", logRange(losses), upper)
          : axisOf(`${what} (nats a row)`, "linear", linearRange(losses), upper),
        ...(panels
          ? {
              xaxis2: axisOf("Step", "linear", range, { anchor: "y2", matches: "x", ...whole }),
              yaxis2: axisOf("Gap (nats, log scale)", "log", logRange(gaps.filter(Number.isFinite)), {
                domain: [0, 0.4],
                anchor: "x2",
                ...exponents,
              }),
            }
          : {}),
      },
    }),
    summary: `Loss while training: ${plainLabel(subtitle)}`,
  });
}

const exponents = { tickformat: ".0e" } as const;

function subtitleOf(descents: readonly Descent[], fit: FitReport | undefined): string {
  const end = fit === undefined ? [] : [`${fit.converged ? "converged" : "not converged"} (${fit.solver})`];
  if (descents.length < 2) {
    const { steps = [], losses = [] } = descents[0] ?? {};
    const [first, last] = [losses[0] ?? Number.NaN, losses[losses.length - 1] ?? Number.NaN];
    const taken = (steps[steps.length - 1] ?? 0) - (steps[0] ?? 0);
    return [`${significant(first)} → ${significant(last)} in ${stepsText(taken)}`, ...end].join(" · ");
  }
  const ends = descents.map(({ losses }) => losses[losses.length - 1]);
  const { low, high } = spanOf(ends);
  return [
    `one fit a class, ${grouped(descents.length)} in all`,
    `they end at ${significant(low)} to ${significant(high)}`,
    `their sum ${significant(ends.reduce((a, b) => a + b, 0))}`,
    ...end,
  ].join(" · ");
}

function stepsText(count: number): string {
  return counted(count, "step");
}

function tracesOf({ steps, losses, gaps, name }: Descent, k: number, named: boolean): Trace[] {
  const own = name === undefined ? {} : { name };
  const loss = lineOf(steps, losses, "loss", palette[k], name);
  return [
    { ...loss, ...own, showlegend: named },
    ...(gaps === undefined
      ? []
      : [
          {
            ...lineOf(steps, gaps, "duality gap", name === undefined ? palette[1] : palette[k], name),
            ...own,
            showlegend: false,
            xaxis: "x2",
            yaxis: "y2",
          } as const,
        ]),
  ];
}

function lineOf(
  x: readonly number[],
  y: readonly number[],
  what: string,
  color: string,
  name: string | undefined,
): Trace {
  return {
    type: "scatter",
    mode: x.length <= 60 ? "lines+markers" : "lines",
    x,
    y,
    line: { color, width: 2 },
    marker: { color, size: 6 },
    hovertemplate: `${name === undefined ? "" : "%{fullData.name}<br>"}step %{x}<br>${what} %{y:.5g}<extra></extra>`,
  };
}

function descentsOf(
  history: readonly FitStep[] | readonly LossStep[],
  classes: readonly Label[] | undefined,
): Descent[] {
  const parts = new Map<number | undefined, (FitStep | LossStep)[]>();
  for (const step of history) {
    const output = "loss" in step ? undefined : step.output;
    const part = parts.get(output);
    if (part === undefined) parts.set(output, [step]);
    else part.push(step);
  }
  return Array.from(parts, ([output, part]) => ({
    of: "loss" in part[0] ? "loss" : "objective",
    steps: part.map((step, i) => (output !== undefined ? i : "loss" in step ? step.epoch : step.iteration)),
    losses: part.map((step) => rounded("loss" in step ? step.loss : step.objective)),
    gaps: gapsOf(part),
    name:
      output === undefined || parts.size === 1
        ? undefined
        : shortLabel(escapeLabel(String(classes?.[output] ?? `class ${output}`)), 24),
  }));
}

function gapsOf(history: readonly (FitStep | LossStep)[]): number[] | undefined {
  const gaps = history.map((step) => {
    const gap = "loss" in step ? Number.NaN : (step.dualityGap ?? Number.NaN);
    return gap > 0 && Number.isFinite(gap) ? rounded(gap) : Number.NaN;
  });
  return gaps.filter(Number.isFinite).length < 2 ? undefined : gaps;
}
