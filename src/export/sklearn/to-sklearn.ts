import { readFileSync } from "node:fs";
import { join } from "node:path";
import { columnOf, type Frame } from "../../frame/columns";
import { type EncoderState, widthOf } from "../../frame/encoder-state";
import { stopWordsOf } from "../../frame/stop-words";
import type { Scorer } from "../../model/scorer";
import { Exported } from "../exported";
import { encodedColumns, goldenRows } from "../golden";
import { madeTable } from "../made-table";
import { type ExportOptions, planExport } from "../options";
import { portable } from "../portable";

/**
 * A model as JSON that the Python file beside it turns into a fitted scikit-learn estimator:
 * `logitpress_sklearn.load("model.json")` gives a `Pipeline` that takes data frames (or dicts of columns), or without an encoder a
 * `LogisticRegression` (for one sigmoid a class a `OneVsRestClassifier` of these), and checks it against the vectors in the file. With a
 * threshold it is wrapped in a `FixedThresholdClassifier`.
 * @throws `unsupported-model`, `invalid-option`, `unknown-option`, `width-mismatch`
 */
export function toSklearn(model: Scorer, options: ExportOptions = {}): Exported {
  const plan = planExport(options, "toSklearn");
  const p = portable(model, plan);
  const state = p.encoder?.state();
  const golden = goldenRows(p, plan.examples);
  const places = Uint32Array.from(model.weights.keys()).filter((at) => model.weights[at] !== 0);
  const value = {
    format: "logitpress-sklearn-1",
    stage: p.stage,
    provenance: p.provenance,
    classes: p.classes,
    link: p.link,
    threshold: p.threshold,
    features: state === undefined ? model.features : widthOf(state),
    intercepts: Array.from(model.intercepts),
    encoder: state === undefined ? null : withStopWords(state),
    places: base64(places),
    weights: base64(Float64Array.from(places, (at) => model.weights[at])),
    golden: {
      rows:
        state === undefined
          ? golden.map(({ features }) => features)
          : wholeRows(
              encodedColumns(state),
              [
                ...p.numeric.map(
                  ({ name }, j) =>
                    [
                      name,
                      golden.map((row) => (Number.isNaN(row.numeric[j]) ? null : row.numeric[j])),
                    ] as const,
                ),
                ...p.categorical.map(
                  ({ name }, j) => [name, golden.map((row) => row.categorical[j])] as const,
                ),
                ...p.text.map(({ name }, j) => [name, golden.map((row) => row.text[j])] as const),
              ],
              madeTable(state, golden.length),
            ),
      labels: golden.map(({ label }) => p.classes[label]),
      probabilities: golden.map(({ probabilities }) => probabilities),
    },
  };
  const python = readFileSync(pythonFile, "utf8");
  const content = `${JSON.stringify(value)}\n`;
  return new Exported(
    "sklearn",
    [
      { name: `${p.name}.json`, content },
      { name: "logitpress_sklearn.py", content: python },
    ],
    { bytes: content.length },
  );
}

/** The Python file, which lies with the sources, whether they run compiled or not. */
const pythonFile: string = join(
  __dirname,
  "..",
  "..",
  "..",
  "..",
  "src",
  "export",
  "sklearn",
  "logitpress_sklearn.py",
);

/** Columns that count, and for those that don't anything that the encoder takes. */
function wholeRows(
  names: readonly string[],
  known: readonly (readonly [string, readonly unknown[]])[],
  other: Frame,
): Record<string, readonly unknown[]> {
  const columns = new Map(known);
  return Object.fromEntries(
    names.map((name) => [name, columns.get(name) ?? Array.from(columnOf(other, name))]),
  );
}

/** An encoder's state with the words themselves where it has the name of a list. */
function withStopWords(state: EncoderState): EncoderState {
  const text = state.text.map((column) =>
    column.stopWords === undefined ? column : { ...column, stopWords: stopWordsOf(column) },
  );
  return { ...state, text };
}

function base64(array: Uint32Array | Float64Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
}
