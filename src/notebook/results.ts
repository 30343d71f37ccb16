import { type MimeBundle, type ResultKind, resultKind } from "../base/display";
import { escapeHtml } from "../chart/escape";
import { bytes } from "../chart/format";
import { htmlOf } from "../chart/upgrade";
import { warningText } from "../model/warning";
import { coefficientsView, summaryView } from "./coefficients";
import { compressionView } from "./compression-view";
import { encoderView } from "./encoder-view";
import { duckDbView, sparkView } from "./engine-view";
import { estimatorView, pathStepView, predictorView } from "./estimator-view";
import { exportView } from "./export-view";
import { fitView } from "./fit-view";
import { frameReportView } from "./frame-report";
import { pruningCurveView } from "./pruning-view";
import { crossValidationView, pathView } from "./selection";
import { stepView } from "./step-view";
import { tableHtml, tableText } from "./table";
import { clusterTableView, packedTableView, tableComparisonView, tableEvaluationView } from "./table-results";
import {
  comparisonView,
  datasetView,
  evaluationView,
  ledgerView,
  modelView,
  type ResultView,
  recalibrationView,
  trainingView,
} from "./views";

const views: Readonly<Record<ResultKind, (value: never) => ResultView>> = {
  model: modelView,
  fit: fitView,
  estimator: estimatorView,
  predictor: predictorView,
  pathStep: pathStepView,
  coefficients: coefficientsView,
  summary: summaryView,
  path: pathView,
  crossValidation: crossValidationView,
  pruningCurve: pruningCurveView,
  training: trainingView,
  frameReport: frameReportView,
  encoder: encoderView,
  dataset: datasetView,
  evaluation: evaluationView,
  comparison: comparisonView,
  compression: compressionView,
  recalibration: recalibrationView,
  step: stepView,
  ledger: ledgerView,
  export: exportView,
  duckdb: duckDbView,
  spark: sparkView,
  table: packedTableView,
  clusterTable: clusterTableView,
  tableEvaluation: tableEvaluationView,
  tableComparison: tableComparisonView,
};

/** The table and the charts of a result; `undefined` for any other value. */
export function partsOf(value: unknown): ResultView | undefined {
  const kind = resultKind(value);
  return kind === undefined ? undefined : views[kind](value as never);
}

/** A result of a kind as a notebook shows it. */
export function resultBundle(kind: ResultKind, value: object): MimeBundle {
  return bundleOfView(views[kind](value as never));
}

/** The table of a result, what its reader should know, and what is folded. */
export function textsHtml({ table, warnings = [], folded, source }: ResultView): string {
  const told = warnings.map(
    (warning) =>
      `<p class="logitpress-warning" style="max-width:46em;margin:0.4em 0;padding:0.1em 0 0.1em 0.6em;` +
      `border-left:3px solid #e69f00"><b>Warning:</b> ${escapeHtml(warningText(warning))}</p>`,
  );
  const more = folded === undefined ? "" : details(folded.title, tableHtml({ ...folded, title: undefined }));
  return tableHtml(table) + told.join("") + more + (source === undefined ? "" : sourceHtml(source));
}

/** The most letters of a folded text; what is longer is cut, and says so. */
const mostLetters = 20_000;

function sourceHtml({ title, text }: { readonly title: string; readonly text: string }): string {
  const left = text.length - mostLetters;
  const note = left > 0 ? `\n… ${bytes(left)} more …` : "";
  const shown = escapeHtml(text.slice(0, mostLetters) + note);
  return details(title, `<pre style="max-height:24em;overflow:auto;font-size:0.92em">${shown}</pre>`);
}

function details(title: string, inner: string): string {
  return `<details><summary style="cursor:pointer;opacity:0.8">${escapeHtml(title)}</summary>${inner}</details>`;
}

function bundleOfView(view: ResultView): MimeBundle {
  return {
    "text/html": textsHtml(view) + view.figures.map(htmlOf).join(""),
    "text/plain": [
      tableText(view.table),
      ...(view.warnings ?? []).map((warning) => `Warning: ${warningText(warning)}`),
      ...view.figures.map((figure) => figure.summary),
    ].join("\n"),
  };
}
