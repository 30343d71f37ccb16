import { checkShape } from "../base/shape";
import type { FrameReport } from "../frame/inspect/report";
import { escapeLabel, plainLabel } from "./escape";
import { Figure } from "./figure";
import { counted, grouped, percent } from "./format";
import { axisOf, categoryAxis, layoutOf, palette } from "./theme";

const mostClasses = 40;

/** How often each class of a table occurs, the most frequent first; empty for a table that was looked at without a label. */
export function classBalanceChart(report: FrameReport): Figure {
  checkShape(report, "report of a table", "what inspectFrame(frame, { label }) returns", {
    classes: "list",
    columns: "list",
  });
  const { classes, rows, label } = report;
  const shown = classes.slice(0, mostClasses);
  const names = shown.map((one) => escapeLabel(String(one.label)));
  const left = classes.length - shown.length;
  const parts = [
    counted(rows, "row"),
    ...(label === null ? ["no label"] : [`the class is ${plainLabel(label)}`]),
    ...(left > 0 ? [`${grouped(left)} rarer classes are left out`] : []),
  ];
  const subtitle = parts.join(", ");
  const title = "How often each class occurs";
  return new Figure({
    data: [
      {
        type: "bar",
        orientation: "h",
        name: "rows",
        y: names,
        x: shown.map(({ share }) => share),
        marker: { color: palette[0] },
        hovertemplate: "%{y}: %{x:.1%} of the rows<extra></extra>",
      },
    ],
    layout: layoutOf({
      title,
      subtitle: escapeLabel(subtitle),
      height: 170 + 24 * names.length,
      legend: false,
      bargap: 0.3,
      axes: {
        xaxis: axisOf("Share of the rows", "linear", [0, 1], { tickformat: ".0%" }),
        yaxis: categoryAxis("", [...names].reverse()),
      },
    }),
    summary: plainLabel(
      `${title}: ${shown
        .slice(0, 3)
        .map((one) => `${String(one.label)} ${percent(one.share)}`)
        .join(", ")}; ${subtitle}`,
    ),
  });
}
