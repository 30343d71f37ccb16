import { displaySymbol, type MimeBundle } from "../base/display";
import { htmlOf } from "../chart/upgrade";
import { Comparison } from "../evaluate/compare";
import { Evaluation } from "../evaluate/evaluate";
import { Dataset } from "../matrix/dataset";
import { Scorer } from "../model/scorer";
import type { Ledger } from "../pack/ledger";
import { tableHtml, tableText } from "./table";
import { comparisonView, datasetView, evaluationView, ledgerView, modelView, type ResultView } from "./views";

/** A class of results, abstract ones included. */
type ClassOf<T> = { readonly prototype: T };

/** Gives the classes of results their display method; they themselves know nothing of notebooks. */
export function attachDisplays(): void {
  attach(Scorer, modelView);
  attach(Dataset, datasetView);
  attach(Evaluation, evaluationView);
  attach(Comparison, comparisonView);
}

/** The bundle of a byte ledger, which is a plain record. */
export function ledgerBundle(ledger: Ledger): MimeBundle {
  return bundleOfView(ledgerView(ledger));
}

/** True for what `ledger` returns. */
export function isLedger(value: object): value is Ledger {
  return "sections" in value && "bytes" in value && "bound" in value && Array.isArray(value.sections);
}

function attach<T extends object>(type: ClassOf<T>, view: (value: T) => ResultView): void {
  Object.defineProperty(type.prototype, displaySymbol, {
    configurable: true,
    value(this: T): MimeBundle {
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
