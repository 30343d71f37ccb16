import { classBalanceChart } from "../chart/class-balance";
import { counted, grouped, percent } from "../chart/format";
import { frameReportChart } from "../chart/frame-report";
import type { FrameReport } from "../frame/inspect/report";
import type { ResultView } from "./views";

const mostShown = 60;
const mostWarned = 12;

/** A line a column, those with findings first, what was found of them, the balance of the classes, and charts of both. */
export function frameReportView(report: FrameReport): ResultView {
  const { rows, columns, classes, label, duplicateRows, findings } = report;
  const shown = [...columns].sort((a, b) => Number(b.findings.length > 0) - Number(a.findings.length > 0));
  const notes = [
    ...(classes.length === 0
      ? []
      : [
          `${label}: ${classes
            .slice(0, 8)
            .map((c) => `${String(c.label)} ${percent(c.share)}`)
            .join(", ")}${classes.length > 8 ? ` and ${classes.length - 8} more` : ""}`,
        ]),
    ...(duplicateRows === 0 ? [] : [`${grouped(duplicateRows)} rows are the same as an earlier one`]),
    ...(shown.length > mostShown ? [`${grouped(shown.length - mostShown)} more columns in its columns`] : []),
  ];
  const found = findings.length > 0;
  const warned = findings.slice(0, mostWarned).map(({ column, message }) => `${column}: ${message}`);
  return {
    table: {
      title: `Table of ${counted(rows, "row")} x ${counted(columns.length, "column")}`,
      columns: [
        ...["column", "type", "missing", "distinct"],
        ...(label === null ? [] : ["tells alone"]),
        ...(found ? ["found"] : []),
      ],
      words: [0, 1, ...(found ? [label === null ? 4 : 5] : [])],
      named: true,
      rows: shown
        .slice(0, mostShown)
        .map(({ name, type, missing, distinct, skill, findings: own }) => [
          name,
          type,
          missing === 0 ? "0" : `${grouped(missing)} (${percent(missing / rows)})`,
          grouped(distinct),
          ...(label === null ? [] : [skill === null ? "label" : percent(skill)]),
          ...(found ? [own.map(({ code }) => code).join(", ")] : []),
        ]),
      ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
    },
    warnings:
      findings.length > mostWarned
        ? [...warned, `${findings.length - mostWarned} more in its findings`]
        : warned,
    figures: [frameReportChart(report), ...(classes.length === 0 ? [] : [classBalanceChart(report)])],
  };
}
