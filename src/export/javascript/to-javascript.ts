import { textWidth } from "../../frame/encoder-state";
import { stopWordsOf } from "../../frame/stop-words";
import type { Scorer } from "../../model/scorer";
import { foldedIntercepts } from "../c/float";
import { commentText } from "../c/literals";
import { Exported } from "../exported";
import { type GoldenRow, goldenRows } from "../golden";
import { type ExportOptions, planExport } from "../options";
import { nonzerosOf, packBlock } from "../packed-block";
import { type Portable, portable } from "../portable";
import { minified } from "./minify";
import {
  categoricalSource,
  columnsSource,
  crossSource,
  decodeSource,
  linkSources,
  matrixSource,
  numericSource,
  predictSource,
  textSource,
} from "./program";

/**
 * A model as one function of JavaScript without dependencies, as an ES module, a CommonJS module and their types. It runs wherever there
 * is `TextEncoder`: browsers, workers, edge runtimes, Node. Weights are packed to the bits that they need, and decoded when
 * the module is loaded (262,144 weights in some 30 ms); their stream is simpler than that of a `.logit` file, whose reader alone would be several times the code.
 *
 * `predict(row)` takes an object by column names (or an array of features, or `{ indices, values }`) and gives
 * `{ label, probabilities }`; it throws a `RangeError` where the encoder would refuse the row. `predict.selfTest()` throws where the module
 * says something else than the model did.
 *
 * Facts: `codeBytes` of the ES module without the model, `modelBytes` of the packed weights.
 * @throws `unsupported-model`, `invalid-option`, `unknown-option`, `width-mismatch`
 */
export function toJavaScript(model: Scorer, options: ExportOptions = {}): Exported {
  const plan = planExport(options, "toJavaScript");
  const p = portable(model, plan);
  const { spec, modelBytes } = specOf(p, goldenRows(p, plan.examples));
  const { code, names } = minified(programOf(p));
  const notes = Object.entries(p.provenance).map(([k, v]) => `// ${commentText(k)}: ${commentText(v)}\n`);
  const head = `// A logistic regression of ${p.classes.length} classes (${p.link}, ${p.stage}), written by logitpress.\n${notes.join("")}`;
  const body = `${head}const ${names.get("spec")}=${literal(spec, names)};\n${code}`;
  const types = typesOf(p);
  const files = [
    { name: `${p.name}.mjs`, content: `${body}export default predict;\n` },
    { name: `${p.name}.cjs`, content: `"use strict";\n${body}module.exports = predict;\n` },
    { name: `${p.name}.d.mts`, content: `${types}export default predict;\n` },
    { name: `${p.name}.d.cts`, content: `${types}export = predict;\n` },
  ];
  return new Exported("javascript", files, { codeBytes: code.length, modelBytes });
}

/** The program that a model needs, as people read it. */
function programOf(p: Portable): string {
  const fill = p.missing === "mean";
  const levels = p.categorical.some(({ missing }) => missing !== null);
  const tuples = p.crosses.some(({ missing }) => missing !== null);
  const used = [
    {
      is: p.numeric.length > 0,
      source: numericSource(fill, p.bins.length > 0),
      reader: "readNumbers(row)",
    },
    {
      is: p.categorical.length > 0,
      source: categoricalSource(
        fill,
        levels,
        p.categorical.some(({ strict }) => strict),
      ),
      reader: `${p.crosses.length > 0 ? "const levels = " : ""}readCategories(row)`,
    },
    { is: p.crosses.length > 0, source: crossSource(tuples), reader: "readCrosses(levels)" },
    {
      is: p.text.length > 0,
      source: textSource(p.text.map(({ state }) => state)),
      reader: "readTexts(row)",
    },
    { is: p.matrix !== null, source: matrixSource, reader: "readFeatures(row)" },
  ].filter(({ is }) => is);
  return [
    decodeSource,
    p.matrix === null ? columnsSource : "",
    ...used.map(({ source }) => source),
    linkSources[p.link],
    predictSource(
      used.map(({ reader }) => reader),
      p.link,
    ),
  ].join("");
}

function specOf(p: Portable, golden: readonly GoldenRow[]): { spec: object; modelBytes: number } {
  const { outputs } = p;
  let modelBytes = 8 * outputs;
  const block = (entries: number, ids: ArrayLike<number>, weights: ArrayLike<number>): object => {
    const { positions, values } = nonzerosOf(ids, weights, outputs);
    const size = entries * outputs;
    const { bytes, count, rice, width, levels, gaps, data } = packBlock(positions, values, size);
    modelBytes += bytes + 4 * levels.length;
    return { size, count, rice, width, levels: levels.map(shortFloat), gaps, data };
  };
  const binsOf = (column: number): object => {
    const found = p.bins.find((bins) => bins.column === column);
    if (found === undefined) return {};
    const { edges, weights } = found;
    const count = edges.length + 2;
    return { edges, table: block(count, [...new Array(count).keys()], weights) };
  };
  const numbers = p.numeric.flatMap(({ weights, scale }) => Array.from(weights, (w) => w / scale));
  const spec = {
    classes: p.classes,
    intercepts: Array.from(foldedIntercepts(p)),
    ...(p.link === "binary" ? { cut: p.cut } : {}),
    ...(p.matrix !== null
      ? {
          width: p.matrix.features,
          features: block(p.matrix.features, p.matrix.columns, p.matrix.weights),
        }
      : {}),
    ...(p.numeric.length > 0
      ? {
          numeric: p.numeric.map(({ name, mean }, column) => ({
            name,
            ...(p.missing === "mean" ? { mean } : {}),
            ...binsOf(column),
          })),
          numbers: block(p.numeric.length, [...p.numeric.keys()], numbers),
        }
      : {}),
    ...(p.categorical.length > 0
      ? {
          categorical: p.categorical.map(({ name, levels, weights, missing, strict }) => ({
            name,
            keys: levels,
            ...(missing === null ? {} : { missing: Array.from(missing) }),
            ...(strict ? { strict: 1 } : {}),
            table: block(levels.length, [...levels.keys()], weights),
          })),
        }
      : {}),
    ...(p.crosses.length > 0
      ? {
          crosses: p.crosses.map(({ columns, tuples, weights, missing }) => ({
            columns,
            keys: tuples,
            ...(missing === null ? {} : { missing: Array.from(missing) }),
            table: block(tuples.length, [...tuples.keys()], weights),
          })),
        }
      : {}),
    ...(p.text.length > 0
      ? {
          text: p.text.map(({ name, state, buckets, weights }) => ({
            name,
            ...(state.vocabulary === undefined
              ? { bits: state.bits, seed: state.seed }
              : { keys: state.vocabulary }),
            least: state.ngrams[0],
            most: state.ngrams[1],
            sublinear: state.sublinear,
            lower: state.lowercase,
            ...(state.unit === undefined ? {} : { runs: 1 }),
            ...(state.stopWords === undefined ? {} : { stops: stopWordsOf(state) }),
            table: block(textWidth(state), buckets, weights),
          })),
        }
      : {}),
    golden: golden.map((row) => [rowOf(p, row), p.classes[row.label], row.probabilities]),
  };
  return { spec, modelBytes };
}

function rowOf(p: Portable, row: GoldenRow): object {
  if (p.matrix !== null) {
    return { indices: row.features.map(([j]) => j), values: row.features.map(([, x]) => x) };
  }
  return new Map<string, unknown>([
    ...row.numeric.map((x, i) => [p.numeric[i].name, Number.isNaN(x) ? null : x] as const),
    ...row.categorical.map((x, i) => [p.categorical[i].name, x] as const),
    ...row.text.map((x, i) => [p.text[i].name, x] as const),
  ]);
}

function shortFloat(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/**
 * A value as a literal of JavaScript that may stand in a script of a page; keys of objects become what `names` says, those of maps
 * are computed, so that no name is special.
 */
function literal(value: unknown, names: ReadonlyMap<string, string>): string {
  if (value instanceof Map) {
    return `{${[...value].map(([k, v]) => `[${literal(k, names)}]:${literal(v, names)}`).join(",")}}`;
  }
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, names)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([k, v]) => `${names.get(k) ?? k}:${literal(v, names)}`)
      .join(",")}}`;
  }
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "number") return String(value);
  return JSON.stringify(value).replace(/[<\u2028\u2029\u007f-\uffff]/g, (c) => {
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function typesOf(p: Portable): string {
  const label = p.classes.map((c) => (typeof c === "number" ? String(c) : JSON.stringify(c))).join(" | ");
  const columns = [
    ...p.numeric.map(
      ({ name }) =>
        `readonly ${JSON.stringify(name)}${p.missing === "mean" ? "?" : ""}: number | bigint | boolean | string${gap(p)};`,
    ),
    ...p.categorical.map(
      ({ name }) =>
        `readonly ${JSON.stringify(name)}${p.missing === "mean" ? "?" : ""}: string | number | boolean${gap(p)};`,
    ),
    ...p.text.map(({ name }) => `readonly ${JSON.stringify(name)}?: string | null;`),
  ];
  const row =
    p.matrix === null
      ? `{\n${columns.map((c) => `  ${c}\n`).join("")}}`
      : "ArrayLike<number> | { readonly indices: ArrayLike<number>; readonly values?: ArrayLike<number> }";
  return `type Row = ${row};
type Label = ${label};
/** The label of a row and the probability of each class. */
declare function predict(row: Row): { label: Label; probabilities: number[] };
declare namespace predict {
  const classes: readonly Label[];
  /** Throws where the module says something else than the model did. */
  function selfTest(): void;
}
`;
}

function gap(p: Portable): string {
  return p.missing === "mean" ? " | null" : "";
}
