import { checkShape } from "../base/shape";
import type { FrameReport } from "../frame/inspect/report";
import { escapeLabel, plainLabel } from "./escape";
import { Figure } from "./figure";
import { counted, grouped, percent } from "./format";
import { axisOf, categoryAxis, layoutOf, palette } from "./theme";

const mostColumns = 40;

/**
 * What each column tells of the class alone, on rows held out, and where values are missing: the strongest columns first, those of no
 * bar left out. Without a label only what is missing.
 */
export function frameReportChart(report: FrameReport): Figure {
  checkShape(report, "report of a table", "what inspectFrame(frame, { label }) returns", {
    columns: "list",
    classes: "list",
  });
  const features = report.columns.filter(({ name }) => name !== report.label);
  const ranked = [...features].sort((a, b) => (b.skill ?? 0) - (a.skill ?? 0) || b.missing - a.missing);
  const telling = ranked.filter(({ skill, missing }) => (skill ?? 0) > 0 || missing > 0);
  const shown = (telling.length > 0 ? telling : ranked).slice(0, mostColumns);
  const names = shown.map(({ name }) => escapeLabel(name));
  const missing = shown.map((column) => column.missing / report.rows);
  const judged = report.label !== null;
  const bar = { type: "bar", orientation: "h", y: names } as const;
  const parts = [
    counted(report.rows, "row"),
    ...(judged ? [`the class is ${plainLabel(report.label!)}`] : []),
    ...(shown.length < ranked.length
      ? [
          `${shown.length} of ${grouped(ranked.length)} columns: those that ${judged ? "tell" : "miss"} the most`,
        ]
      : []),
  ];
  const subtitle = parts.join(", ");
  const gaps = missing.some((share) => share > 0);
  const axisTitle = !judged ? "Share of the rows" : gaps ? "Share" : "Share of the log-loss";
  const title = judged ? "What each column tells alone" : "Where values are missing";
  return new Figure({
    data: [
      ...(judged
        ? [
            {
              ...bar,
              name: "log-loss taken away",
              x: shown.map(({ skill }) => skill ?? 0),
              marker: { color: palette[0] },
              hovertemplate: "%{y}: %{x:.1%} of the log-loss<extra></extra>",
            },
          ]
        : []),
      ...(judged && !gaps
        ? []
        : [
            {
              ...bar,
              name: "rows without a value",
              x: missing,
              marker: { color: palette[1] },
              hovertemplate: "%{y}: %{x:.1%} of the rows have no value<extra></extra>",
            },
          ]),
    ],
    layout: layoutOf({
      title,
      subtitle: escapeLabel(subtitle),
      height: 170 + (judged ? 34 : 24) * names.length,
      legend: judged && gaps,
      barmode: "group",
      bargap: 0.3,
      axes: {
        xaxis: axisOf(axisTitle, "linear", [0, 1], {
          tickformat: ".0%",
        }),
        yaxis: categoryAxis("", [...names].reverse()),
      },
    }),
    summary: plainLabel(
      `${title}: ${shown
        .slice(0, 3)
        .map(({ name, skill }) => `${name} ${skill === null ? "" : percent(skill)}`.trim())
        .join(", ")}; ${subtitle}`,
    ),
  });
}
