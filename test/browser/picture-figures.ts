import { Figure, type Trace } from "../../src/chart/figure";
import { axisOf, categoryAxis, layoutOf, sequential } from "../../src/chart/theme";

const linear = { xaxis: axisOf("x", "linear", [-3, 12]), yaxis: axisOf("y", "linear", [-6, 9]) };
const names = ["a", "b", "c"];
const bar = { type: "bar", marker: { color: "#0072b2" } } as const;
const own = (data: readonly Trace[], axes: Parameters<typeof layoutOf>[0]["axes"] = linear, legend = false) =>
  new Figure({
    data,
    layout: layoutOf({ title: "Own", subtitle: "of a user", axes, legend }),
    summary: "own",
  });

/** Figures as users build them, of what the chart functions do not draw. */
export const ofUsers: Readonly<Record<string, Figure>> = {
  gaps: own(
    [
      {
        type: "scatter",
        name: "one",
        x: [0, 1, 2, 3, 4, 5],
        y: [1, Number.NaN, 3, 4, null, 0],
        mode: "lines+markers",
      },
      { type: "scatter", name: "two", x: [1, 2, 30], y: [-40, 5, 5], mode: "lines" },
    ],
    linear,
    true,
  ),
  "grouped bars": own([
    { ...bar, name: "one", x: [0, 1, 3], y: [1, -2, 3] },
    { ...bar, name: "two", x: [0, 1, 3], y: [2, 4, Number.NaN], marker: { color: "#d55e00" } },
  ]),
  "bars of names": own([{ ...bar, x: names, y: [3, 1, 2] }], {
    xaxis: categoryAxis("name", names),
    yaxis: axisOf("value", "linear", [0, 4]),
  }),
  "cells of numbers": own([
    {
      type: "heatmap",
      x: [0, 1, 2, 4],
      y: [-2, 2],
      z: [
        [1, 2, null, 4],
        [5, Number.NaN, 7, 8],
      ],
      colorscale: sequential,
      showscale: false,
    },
  ]),
  logarithmic: own(
    [
      {
        type: "scatter",
        mode: "markers",
        x: [0.001, 1, -1, 5000],
        y: [1, 2, 3, 4],
        marker: { color: "#0072b2" },
      },
    ],
    {
      xaxis: axisOf("x", "log", [-4, 4]),
      yaxis: axisOf("y", "linear", [0, 5]),
    },
  ),
  tiny: own(
    [{ type: "scatter", mode: "markers", x: [1e-9, 2e-9], y: [1e10, 3e10], marker: { color: "#0072b2" } }],
    {
      xaxis: axisOf("x", "linear", [0, 3e-9]),
      yaxis: axisOf("y", "linear", [0, 4e10]),
    },
  ),
};
