import { checkKeys, checkNumber } from "../base/check";
import type { Label } from "../matrix/dataset";
import { checkModel } from "../model/check-model";
import type { Scorer } from "../model/scorer";
import { CoefficientTable } from "../train/coefficient-table";
import { escapeLabel, plainLabel } from "./escape";
import { Figure, type Trace } from "./figure";
import { grouped, significant } from "./format";
import { axisOf, categoryAxis, layoutOf, linearRange, palette } from "./theme";
import { rounded } from "./thin";

/** How much of {@link coefficientsChart} is drawn. */
export interface CoefficientsOptions {
  /** The most coefficients, the strongest. Default 20. */
  readonly count?: number;
}

interface Shown {
  readonly name: string;
  readonly coefficient: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * The strongest coefficients by name, those that speak for a class above those that speak against it; intercepts and zeros
 * are left out. Of a table with valid tests the strongest by the size of z, with their intervals; else by their own size.
 * @param of a model of any stage, or the coefficients that `summarise` tells
 * @throws `unknown-option`; `invalid-option` for a count below 1; `invalid-model` for what is neither a table nor a model
 */
export function coefficientsChart(of: Scorer | CoefficientTable, options: CoefficientsOptions = {}): Figure {
  checkKeys(options, ["count"], "coefficientsChart");
  const count = checkNumber(options.count ?? 20, "count", { min: 1, integer: true });
  if (!(of instanceof CoefficientTable)) checkModel(of);
  const { all, strongest } = of instanceof CoefficientTable ? ofTable(of, count) : ofModel(of, count);
  const shown = [...strongest].sort((a, b) => b.coefficient - a.coefficient);
  const known = shown.filter(({ lower, upper }) => Number.isFinite(upper - lower));
  const sides = [
    { name: "for it", color: palette[0], rows: shown.filter(({ coefficient }) => coefficient > 0) },
    { name: "against it", color: palette[1], rows: shown.filter(({ coefficient }) => coefficient < 0) },
  ].filter(({ rows }) => rows.length > 0);
  const intervals: Trace = {
    type: "scatter",
    mode: "lines",
    name: "intervals",
    x: known.flatMap(({ lower, upper }) => [rounded(lower), rounded(upper), null]),
    y: known.flatMap(({ name }) => [name, name, null]),
    line: { color: palette[7], width: 2 },
    hoverinfo: "skip",
    showlegend: false,
  };
  const level = of instanceof CoefficientTable ? `, ${significant(100 * of.level, 4)} % intervals` : "";
  const subtitle = `${classesOf(of.classes)} · ${
    shown.length < all ? `the strongest ${shown.length} of ${grouped(all)}` : `all ${all} that are not zero`
  }${known.length > 0 ? level : ""}`;
  const ends = [0, ...shown.map((row) => row.coefficient), ...known.flatMap((row) => [row.lower, row.upper])];
  return new Figure({
    data: [
      ...sides.map(
        ({ name, color, rows }): Trace => ({
          type: "bar",
          orientation: "h",
          name,
          x: rows.map(({ coefficient }) => rounded(coefficient)),
          y: rows.map((row) => row.name),
          marker: { color },
          ...(known.length > 0 ? { opacity: 0.6 } : {}),
          hovertemplate: "%{y}: %{x:.4g}<extra></extra>",
        }),
      ),
      ...(known.length > 0 ? [intervals] : []),
    ],
    layout: layoutOf({
      title: "What speaks for a class",
      subtitle,
      height: 190 + 22 * shown.length,
      legend: sides.length > 1,
      barmode: "overlay",
      bargap: 0.25,
      axes: {
        xaxis: axisOf("Coefficient (log-odds per unit)", "linear", linearRange(ends)),
        yaxis: categoryAxis("", shown.map(({ name }) => name).reverse()),
      },
    }),
    summary: plainLabel(
      `What speaks for a class: ${shown
        .slice(0, 3)
        .map(({ name, coefficient }) => `${name} ${significant(coefficient, 3)}`)
        .join(", ")}; ${subtitle.replaceAll(" · ", ", ")}`,
    ),
  });
}

function classesOf(classes: readonly Label[]): string {
  const [first, second] = classes.map((label) => escapeLabel(String(label)));
  return classes.length === 2 ? `${second} against ${first}` : `${grouped(classes.length)} classes`;
}

function ofTable(table: CoefficientTable, count: number): { all: number; strongest: Shown[] } {
  const found = table.ranked.filter(({ intercept, coefficient }) => !intercept && coefficient !== 0);
  return {
    all: found.length,
    strongest: found.slice(0, count).map((row) => ({ ...row, name: nameOf(row.name, row.class) })),
  };
}

function ofModel(model: Scorer, count: number): { all: number; strongest: Shown[] } {
  const { weights, classes, features, featureNames } = model;
  const outputs = weights.length / features;
  const places: number[] = [];
  weights.forEach((weight, place) => {
    if (weight !== 0) places.push(place);
  });
  const all = places.length;
  const first = places.sort((a, b) => Math.abs(weights[b]) - Math.abs(weights[a]) || a - b).slice(0, count);
  const strongest = first.map((place) => ({
    name: nameOf(
      String(featureNames.at(Math.floor(place / outputs))),
      outputs === 1 ? undefined : classes[place % outputs],
    ),
    coefficient: weights[place],
    lower: Number.NaN,
    upper: Number.NaN,
  }));
  return { all, strongest };
}

function nameOf(feature: string, of: Label | undefined): string {
  return escapeLabel(of === undefined ? feature : `${feature} · ${String(of)}`);
}
