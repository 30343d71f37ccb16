import { displaySymbol, type MimeBundle } from "../base/display";
import { htmlOf } from "../chart/upgrade";
import { Comparison } from "../evaluate/compare";
import { Evaluation } from "../evaluate/evaluate";
import { Dataset } from "../matrix/dataset";
import { Scorer } from "../model/scorer";
import { Ledger } from "../pack/ledger";
import { CompressedTraining } from "../quantize/train-compressed";
import { tableHtml, tableText } from "./table";
import {
  comparisonView,
  datasetView,
  evaluationView,
  ledgerView,
  modelView,
  type ResultView,
  trainingView,
} from "./views";

/** A class of results, abstract ones included. */
type ClassOf<T> = { readonly prototype: T; [Symbol.hasInstance](value: unknown): boolean };

const views: readonly (readonly [ClassOf<object>, (value: never) => ResultView])[] = [
  [Scorer, modelView],
  [CompressedTraining, trainingView],
  [Dataset, datasetView],
  [Evaluation, evaluationView],
  [Comparison, comparisonView],
  [Ledger, ledgerView],
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

function bundleOfView({ table, figures }: ResultView): MimeBundle {
  return {
    "text/html": tableHtml(table) + figures.map(htmlOf).join(""),
    "text/plain": [tableText(table), ...figures.map((figure) => figure.summary)].join("\n"),
  };
}
