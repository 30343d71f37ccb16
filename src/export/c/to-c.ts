import { checkChoice, checkNumber } from "../../base/check";
import type { Scorer } from "../../model/scorer";
import { IntegerModel as IntegersModel } from "../../quantize/integer-model";
import { Exported } from "../exported";
import { type GoldenRow, goldenRows, labelOf } from "../golden";
import { type ExportOptions, planExport } from "../options";
import { type Portable, portable } from "../portable";
import { floatLink, floatMargins, floatTest } from "./float";
import { defaultSlots, footprint } from "./footprint";
import { integerCountMath, integerLink, integerMargins, integerTextMath } from "./integer";
import { type IntegerModel, integerModel, quantizeInput } from "./integer-model";
import { commentText, doubleLiteral, stringLiteral } from "./literals";
import { compareSource, fieldsOf, rowType, stringType } from "./row";
import { testSource } from "./self-test";
import type { Source } from "./source";
import { type TextForm, textSource } from "./text-source";

/** How a model becomes C. */
export interface CExportOptions extends ExportOptions {
  /**
   * `float`: floating point (`NAME_REAL`, double unless defined otherwise). `integer`: fixed point alone, numbers as 8-bit integers.
   * Default `"float"`, but `"integer"` for an `IntegerModel`, which has no other.
   */
  readonly arithmetic?: "float" | "integer";
  /**
   * Texts: `unicode` holds the tables of NFKC, lower case and letters (some 70 kB of data); `ascii` refuses texts that are not ASCII
   * with a status. Default `"unicode"`.
   */
  readonly text?: TextForm;
  /** For `integer`: how many standard deviations to each side of the mean 8 bits cover; what is beyond counts as the end. Default 4. */
  readonly inputRange?: number;
}

/**
 * A model as one header of C99, also C++: no allocation, no library but `stdint.h` (and `math.h` in floating point), tables constant.
 * `NAME_predict`, `NAME_probabilities`, `NAME_margins` take a row and give a status below 0 where the model would refuse it;
 * `NAME_self_test` checks the build against what the model said. Scaling is folded into weights and intercepts; weights are
 * dense or sparse, floats or codes, whichever is smaller. Places of sparse weights are found through buckets and a bitmap where
 * these take no more than a sorted list, else by halving this.
 *
 * An `IntegerModel` keeps the scales of its inputs, and its answers are the reference.
 *
 * Facts: `dataBytes` of the constant tables; `codeBytes` and `stackBytes`, at the most about what `NAME_predict` takes on a Cortex-M0
 * (clang -Os, without the compiler's own arithmetic), other memory is not written; for `integer` also `fraction`, `marginBound` and `probabilityBound` against the model at the same
 * 8-bit inputs, and `inputBound`, what rounding inputs to 8 bits can move a margin by.
 * @throws `unsupported-model` for other kinds of model, labels with a NUL or of more than 4,000 bytes; `invalid-option`, `unknown-option`,
 * `width-mismatch`; `missing-option` for `integer` without an encoder and examples
 */
export function toC(model: Scorer, options: CExportOptions = {}): Exported {
  const plan = planExport(options, "toC", ["arithmetic", "text", "inputRange"]);
  const integers = model instanceof IntegersModel;
  const arithmetic = checkChoice(options.arithmetic ?? (integers ? "integer" : "float"), "arithmetic", [
    "float",
    "integer",
  ] as const);
  const form = checkChoice(options.text ?? "unicode", "text", ["unicode", "ascii"] as const);
  const range = checkNumber(options.inputRange ?? 4, "inputRange", { above: 0, max: 1000 });
  const p = portable(model, { ...plan, integers: arithmetic === "integer" }, "hashed words");
  const given = goldenRows(p, plan.examples);
  const rows = form === "ascii" ? given.filter(({ text }) => text.every(isAscii)) : given;
  const fields = fieldsOf(p);
  const integer = arithmetic === "integer" ? integerModel(p, range, plan.examples) : undefined;
  const margins = integer === undefined ? floatMargins(p, fields) : integerMargins(p, integer, fields);
  const strings = p.categorical.length + p.text.length > 0;
  const text: Source = p.text.length > 0 ? textSource(form) : { source: "", bytes: 0 };
  const dataBytes = margins.bytes + text.bytes;
  const facts = {
    dataBytes,
    ...footprint(p, integer !== undefined, form),
    ...(text.bytes > 0 ? { unicodeBytes: text.bytes } : {}),
    ...(integer === undefined ? {} : factsOf(integer)),
  };
  const source = [
    comment(p, arithmetic, facts),
    "#ifndef NAME_H\n#define NAME_H\n\n#include <stdint.h>\n",
    integer === undefined ? "#include <math.h>\n" : "",
    definitions(p, integer),
    strings ? stringType : "",
    rowType(p, fields, integer === undefined ? "name_real" : "int8_t"),
    `\n/* The labels, by number. */\nstatic const char *const name_labels[] = {\n${p.classes
      .map((label) => `  ${stringLiteral(String(label), "label")},`)
      .join("\n")}\n};\n`,
    "\n",
    p.categorical.length > 0 ? compareSource : "",
    text.source,
    integer !== undefined && (p.text.length > 0 || p.link === "ovr") ? integerTextMath : "",
    integer !== undefined && p.text.length > 0 ? integerCountMath : "",
    margins.source,
    integer === undefined ? floatLink(p) : integerLink(p, integer),
    integer === undefined ? floatTest(p, fields, rows) : integerTest(p, integer, rows),
    "\n#endif\n",
  ].join("");
  const content = source
    .replaceAll(/\bname_/g, `${p.name}_`)
    .replaceAll(/\bNAME_/g, `${p.name.toUpperCase()}_`);
  return new Exported("c", [{ name: `${p.name}.h`, content }], facts);
}

function factsOf(m: IntegerModel): Record<string, number> {
  return {
    fraction: m.fraction,
    marginBound: m.marginBound,
    probabilityBound: m.probabilityBound,
    inputBound: m.inputBound,
  };
}

function comment(p: Portable, arithmetic: string, facts: Readonly<Record<string, number>>): string {
  const notes = Object.entries(p.provenance).map(([k, v]) => `   ${commentText(k)}: ${commentText(v)}`);
  const known = Object.entries(facts).map(([k, v]) => `   ${k}: ${Number(v.toPrecision(6))}`);
  return `/* A logistic regression of ${p.classes.length} classes (${p.link}, ${p.stage}), written by logitpress in ${
    arithmetic === "float" ? "floating point" : "fixed point"
  }.
${p.link === "binary" ? `   The second label is given where its probability is above ${p.threshold}.\n` : ""}${[
  ...known,
  ...notes,
]
  .map((line) => `${line}\n`)
  .join("")}${sizesNote(p, arithmetic)}*/
`;
}

function sizesNote({ text }: Portable, arithmetic: string): string {
  const routines = arithmetic === "float" ? ", without the routines of floating point" : "";
  const slots = text.length > 0 ? "; of the stack, 8 are for each of NAME_SLOTS" : "";
  return `   In bytes: data are constant tables, in flash. Code and stack are estimates from above of what name_predict takes on a Cortex-M0
   by clang -Os${routines}${slots}. No other memory is written.
`;
}

function definitions(p: Portable, integer: IntegerModel | undefined): string {
  const real = `
/* The type of numbers: float saves space where there is a unit for it, and costs accuracy. */
#ifndef NAME_REAL
#define NAME_REAL double
#endif
typedef NAME_REAL name_real;
`;
  const slots = `
/* Room on the stack for different n-grams, 8 bytes each; texts with more are read several times. At least 2. */
#ifndef NAME_SLOTS
#define NAME_SLOTS ${defaultSlots}u
#endif
`;
  return `${integer === undefined ? real : inputsComment(p, integer)}${p.text.length > 0 ? slots : ""}
#define NAME_CLASSES ${p.classes.length}
#define NAME_OUTPUTS ${p.outputs}

/* What can be wrong with a row. */
#define NAME_MISSING (-1) /* a value is missing that may not be */
#define NAME_UNSEEN (-2) /* a level that training did not meet */
#define NAME_INVALID (-3) /* a number that is not finite, or a feature that is not there */
#define NAME_TEXT (-4) /* a text with more than this program can read */

`;
}

function inputsComment(p: Portable, m: IntegerModel): string {
  if (m.inputs.length === 0) return "";
  const shared = m.inputs.every(({ step, zero }) => step === m.inputs[0].step && zero === m.inputs[0].zero);
  const listed = shared ? m.inputs.slice(0, 1) : m.inputs;
  const names = listed.map(({ name, zero, step }) => {
    const what = shared && m.inputs.length > 1 ? "all" : commentText(name);
    return `   ${what}: zero ${doubleLiteral(zero)}, step ${doubleLiteral(step)}\n`;
  });
  return `
/* Numbers x come as 8-bit integers round((x - zero) / step), cut to -127 ... 127${p.matrix === null ? "; -128 where one is missing" : ""}.
${names.join("")}*/
`;
}

function integerTest(p: Portable, m: IntegerModel, rows: readonly GoldenRow[]): string {
  const fields = fieldsOf(p);
  const byFeature = p.matrix === null ? undefined : new Map(Array.from(p.matrix.columns, (j, i) => [j, i]));
  const quantized = (x: number, column: number): number => {
    const at = byFeature === undefined ? column : byFeature.get(column);
    return at === undefined ? 0 : quantizeInput(x, m.inputs[at]);
  };
  const answered = integerAnswers(p, m, rows, quantized);
  return testSource(p, fields, answered, {
    number: "int8_t",
    valueOf: (x, column) => String(quantized(x, column)),
    probability: (x) => `${Math.round(x * 65536)}u`,
    probabilityType: "uint32_t",
    output: "uint32_t",
    wrong: `(found[k] > expected[k] ? found[k] - expected[k] : expected[k] - found[k]) > ${Math.ceil(m.probabilityBound * 65536) + 1}u`,
    tolerance: "",
  });
}

/** What the model says of rows whose numbers are those of their 8-bit inputs; rows too near a tie for the bound are left out. */
function integerAnswers(
  p: Portable,
  m: IntegerModel,
  rows: readonly GoldenRow[],
  quantized: (x: number, column: number) => number,
): GoldenRow[] {
  const answers = rows.map((row) => {
    // Their answers are those of the 8-bit inputs already.
    if (p.model instanceof IntegersModel) return row;
    const margins = Float64Array.from(row.margins);
    const move = (i: number, x: number, column: number, exact: number): void => {
      const moved = (quantized(x, column) === -128 ? 0 : quantized(x, column)) - exact;
      for (let k = 0; k < p.outputs; k++) margins[k] += moved * weightOf(p, m, i, k);
    };
    row.numeric.forEach((x, i) => {
      const { zero, step } = m.inputs[i];
      move(i, x, i, Number.isNaN(x) ? 0 : (x - zero) / step);
    });
    for (const { column, edges, weights } of p.bins) {
      const x = row.numeric[column];
      if (Number.isNaN(x)) continue;
      const { zero, step } = m.inputs[column];
      const bin = (value: number): number => edges.filter((edge) => edge <= value).length * p.outputs;
      const [from, to] = [bin(x), bin(zero + step * quantized(x, column))];
      for (let k = 0; k < p.outputs; k++) margins[k] += weights[to + k] - weights[from + k];
    }
    const at = new Map(Array.from(p.matrix?.columns ?? [], (j, i) => [j, i]));
    for (const [j, x] of row.features) {
      const i = at.get(j);
      if (i !== undefined) move(i, x, j, x / m.inputs[i].step);
    }
    return { ...row, margins: [...margins], probabilities: shares(p, margins), label: labelOf(margins, p) };
  });
  return answers.filter(({ margins }) => {
    const sorted = [...margins].sort((a, b) => b - a);
    const gap = p.link === "binary" ? Math.abs(margins[0] - p.cut) : sorted[0] - sorted[1];
    return gap > 2 * m.marginBound;
  });
}

function weightOf(p: Portable, m: IntegerModel, i: number, k: number): number {
  const { step } = m.inputs[i];
  if (p.matrix !== null) return p.matrix.weights[i * p.outputs + k] * step;
  return (p.numeric[i].weights[k] * step) / p.numeric[i].scale;
}

function shares(p: Portable, margins: Float64Array): number[] {
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  if (p.link === "binary") return [sigmoid(-margins[0]), sigmoid(margins[0])];
  const top = Math.max(...margins);
  const parts = Array.from(margins, (x) => (p.link === "softmax" ? Math.exp(x - top) : sigmoid(x)));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((x) => (sum > 0 ? x / sum : 1 / parts.length));
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
