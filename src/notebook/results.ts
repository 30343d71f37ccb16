import { displaySymbol, type MimeBundle } from "../base/display";
import { escapeHtml } from "../chart/escape";
import { bytes } from "../chart/format";
import { htmlOf } from "../chart/upgrade";
import { Compression } from "../compress/compression";
import { Comparison } from "../evaluate/compare";
import { Evaluation } from "../evaluate/evaluate";
import { Recalibration } from "../evaluate/recalibrate";
import { StepReport } from "../evaluate/step-report";
import { Exported } from "../export/exported";
import { FrameReport } from "../frame/inspect/report";
import { Dataset } from "../matrix/dataset";
import { FitRecord } from "../model/linear";
import { Scorer } from "../model/scorer";
import { warningText } from "../model/warning";
import { Ledger } from "../pack/ledger";
import { PruningCurve } from "../prune/curve";
import { CompressedTraining } from "../quantize/train-compressed";
import { CoefficientTable } from "../train/coefficient-table";
import { CrossValidation } from "../train/cross-validation-result";
import { Summary } from "../train/inference";
import { RegularizationPath } from "../train/regularization-path";
import { coefficientsView, summaryView } from "./coefficients";
import { compressionView } from "./compression-view";
import { exportView } from "./export-view";
import { fitView } from "./fit-view";
import { frameReportView } from "./frame-report";
import { pruningCurveView } from "./pruning-view";
import { crossValidationView, pathView } from "./selection";
import { stepView } from "./step-view";
import { tableHtml, tableText } from "./table";
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

/** A class of results, abstract ones included. */
type ClassOf<T> = { readonly prototype: T; [Symbol.hasInstance](value: unknown): boolean };

const views: readonly (readonly [ClassOf<object>, (value: never) => ResultView])[] = [
  [Scorer, modelView],
  [FitRecord, fitView],
  [CoefficientTable, coefficientsView],
  [Summary, summaryView],
  [RegularizationPath, pathView],
  [CrossValidation, crossValidationView],
  [PruningCurve, pruningCurveView],
  [CompressedTraining, trainingView],
  [FrameReport, frameReportView],
  [Dataset, datasetView],
  [Evaluation, evaluationView],
  [Comparison, comparisonView],
  [Compression, compressionView],
  [Recalibration, recalibrationView],
  [StepReport, stepView],
  [Ledger, ledgerView],
  [Exported, exportView],
];

/** Gives the classes of results their display method; they themselves know nothing of notebooks. */
export function attachDisplays(): void {
  for (const [type, view] of views) attach(type, view as (value: object) => ResultView);
}

/** The table and the charts of a result; `undefined` for any other value. */
export function partsOf(value: unknown): ResultView | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found = views.find(([type]) => value instanceof type);
  return (found?.[1] as ((value: object) => ResultView) | undefined)?.(value);
}

function attach(type: ClassOf<object>, view: (value: object) => ResultView): void {
  Object.defineProperty(type.prototype, displaySymbol, {
    configurable: true,
    value(this: object): MimeBundle {
      return bundleOfView(view(this));
    },
  });
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
