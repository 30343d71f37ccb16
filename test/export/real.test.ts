import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { featureScales, integerModel, quantizeInput } from "../../src/export/c/integer-model";
import { toC } from "../../src/export/c/to-c";
import type { Exported } from "../../src/export/exported";
import { toJavaScript } from "../../src/export/javascript/to-javascript";
import { toOnnx } from "../../src/export/onnx/to-onnx";
import { planExport } from "../../src/export/options";
import { type Portable, portable } from "../../src/export/portable";
import { toSklearn } from "../../src/export/sklearn/to-sklearn";
import { toSql } from "../../src/export/sql/to-sql";
import { TextHasher } from "../../src/frame/text";
import { Dataset, type Label } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { quantizeInputs } from "../../src/quantize/quantize-inputs";
import type { QuantizedModel } from "../../src/quantize/quantized";
import { python, root } from "../python";
import { answers, compilers, compilesClean, program } from "./c-program";
import { type Case, cancerCases, digitsCases, mailCases } from "./cases";
import { flightCases, termCases } from "./kinds-cases";

const folder = mkdtempSync(join(tmpdir(), "logitpress-export-"));
after(() => rmSync(folder, { recursive: true }));

/** Labels and probabilities of all rows, as an export gives them. */
interface Said {
  readonly labels: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
}

function partsOf(c: Case): { p: Portable; options: { encoder?: NonNullable<Case["encoder"]> } } {
  const options = c.encoder === undefined ? {} : { encoder: c.encoder };
  return { p: portable(c.model, planExport(options, "test")), options };
}

/** Asserts that an export says of every row what the model says. @returns the largest difference */
function same(c: Case, { labels, probabilities }: Said, tolerance: number): void {
  const ours = c.model.predictProba(c.features).values;
  const own = c.model.predictClass(c.features);
  assert.equal(probabilities.length, ours.length);
  let worst = 0;
  ours.forEach((x, i) => {
    worst = Math.max(worst, Math.abs(x - probabilities[i]));
    assert.ok(!Number.isNaN(probabilities[i]), `${c.name}: NaN at ${i}`);
  });
  assert.ok(worst <= tolerance, `${c.name}: probabilities differ by ${worst}`);
  own.forEach((label, i) => {
    assert.equal(labels[i], label, `${c.name}: label of row ${i}`);
  });
  if (process.env.LOGITPRESS_SHOW)
    console.log(`${c.name}: ${c.features.rows} rows, worst ${worst.toExponential(2)}`);
}

/** Whether C can hold the case; where it can't, it must say why. */
function holdsTexts(c: Case): boolean {
  const options = c.encoder === undefined ? {} : { encoder: c.encoder };
  const state = c.encoder?.state();
  if (!state?.text.some(({ unit, vocabulary }) => unit !== undefined || vocabulary !== undefined))
    return true;
  assert.throws(() => toC(c.model, options), {
    code: "unsupported-model",
    message: /encoder to export: "stop words of text"/,
  });
  return false;
}

function floatC(c: Case): void {
  if (!holdsTexts(c)) return;
  const { p, options } = partsOf(c);
  writeFileSync(join(folder, "model.h"), toC(c.model, options).text);
  for (const compiler of compilers) compilesClean(folder, "model.h", compiler);
  const found = answers(program(folder, p, false), c, p);
  same(
    c,
    {
      labels: found.map(({ label }) => label),
      probabilities: found.flatMap((a) => Array.from(a.probabilities)),
    },
    1e-6,
  );
}

function integerC(c: Case): void {
  if (!holdsTexts(c)) return;
  const options = c.encoder === undefined ? {} : { encoder: c.encoder };
  const p = portable(c.model, { ...planExport(options, "test"), integers: true });
  const given = p.matrix === null ? options : { examples: c.features };
  const exported = toC(c.model, { ...given, arithmetic: "integer" });
  writeFileSync(join(folder, "model.h"), exported.text);
  assert.doesNotMatch(exported.text, /\b(?:float|double)\b|math\.h/);
  for (const compiler of compilers) compilesClean(folder, "model.h", compiler);
  const m = integerModel(p, 4, p.matrix === null ? undefined : c.features);
  const at = new Map(Array.from(p.matrix?.columns ?? [], (j, i) => [j, i]));
  const quantized = (x: number, column: number): number => {
    const input = m.inputs[p.matrix === null ? column : (at.get(column) ?? -1)];
    return input === undefined ? 0 : quantizeInput(x, input);
  };
  const found = answers(program(folder, p, true), c, p, quantized);
  const rounded = roundedFeatures(c, p, m.inputs, quantized);
  const { values } = c.model.predictProba(rounded);
  const margins = c.model.margins(rounded).values;
  const bound = exported.facts.probabilityBound as number;
  let worst = 0;
  let close = 0;
  found.forEach(({ label, probabilities }, i) => {
    for (let k = 0; k < p.classes.length; k++) {
      worst = Math.max(worst, Math.abs(probabilities[k] - values[i * p.classes.length + k]));
    }
    const own = margins.subarray(i * p.outputs, (i + 1) * p.outputs);
    const sorted = [...own].sort((a, b) => b - a);
    const gap = p.outputs === 1 ? Math.abs(own[0]) : sorted[0] - sorted[1];
    if (gap <= 2 * m.marginBound) {
      close++;
      return;
    }
    const best = p.outputs === 1 ? Number(own[0] > 0) : own.indexOf(sorted[0]);
    assert.equal(label, best, `${c.name}: label of row ${i}`);
  });
  assert.ok(worst <= bound, `${c.name}: ${worst}, bound ${bound}`);
  assert.ok(close < found.length / 20, `${c.name}: ${close} rows within the bound of a tie`);
  if (process.env.LOGITPRESS_SHOW)
    console.log(c.name, "integer", worst, JSON.stringify(exported.facts), close);
}

/** The features of the rows with numbers as their 8-bit inputs stand for. */
function roundedFeatures(
  c: Case,
  p: Portable,
  inputs: readonly { zero: number; step: number }[],
  quantized: (x: number, column: number) => number | undefined,
): Case["features"] {
  if (p.matrix !== null) {
    const m = c.features;
    assert.ok(m.kind === "dense");
    const at = new Map(Array.from(p.matrix.columns, (j, i) => [j, i]));
    const values = m.values.map((x, i) => {
      const column = i % m.columns;
      const input = inputs[at.get(column) ?? -1];
      return input === undefined ? 0 : quantized(x, column)! * input.step;
    });
    return new DenseMatrix(m.rows, m.columns, values);
  }
  const frame: Record<string, ArrayLike<unknown>> = { ...c.frame! };
  p.numeric.forEach(({ name }, j) => {
    frame[name] = Array.from(frame[name], (x) => {
      if (x === null || x === undefined || Number.isNaN(x)) return null;
      const input = quantized(x as number, j);
      return input === undefined ? x : inputs[j].zero + inputs[j].step * input;
    });
  });
  return c.encoder!.features(frame);
}

function javaScript(c: Case): void {
  const exported = toJavaScript(c.model, partsOf(c).options);
  const [, { content }] = exported.files;
  assert.ok((exported.facts.codeBytes as number) < 3000, `${exported.facts.codeBytes} bytes of code`);
  const file = join(folder, `model-${Math.random()}.cjs`);
  writeFileSync(file, content);
  const predict = require(file) as Predict;
  predict.selfTest();
  const numbers = new Map(c.model.classes.map((label, k) => [label, k]));
  const said = Array.from({ length: c.features.rows }, (_, i) => predict(rowOf(c, i)));
  same(
    c,
    {
      labels: said.map(({ label }) => numbers.get(label)!),
      probabilities: said.flatMap(({ probabilities }) => probabilities),
    },
    1e-6,
  );
  if (process.env.LOGITPRESS_SHOW) console.log(JSON.stringify(exported.facts), content.length);
}

function sqlInDuckDb(c: Case): void {
  const { p, options } = partsOf(c);
  if (p.text.length > 0) {
    assert.throws(() => toSql(c.model, options), {
      code: "unsupported-model",
      message: /column of text: "text"/,
    });
    return;
  }
  const exported = toSql(c.model, { ...options, table: "rows.parquet" });
  const [query, check] = exported.files.map(({ content }) => content as string);
  const columns =
    c.frame === undefined
      ? p.matrix!.names.map((name, i) => {
          const m = c.features;
          assert.ok(m.kind === "dense");
          const j = p.matrix!.columns[i];
          const values = Array.from({ length: m.rows }, (_, r) => m.values[r * m.columns + j]);
          return { name, type: "number", values };
        })
      : [
          ...p.numeric.map(({ name }) => ({
            name,
            type: "number",
            values: Array.from(c.frame![name], (x) => (Number.isNaN(x) ? null : (x ?? null))),
          })),
          ...p.categorical.map(({ name }) => ({
            name,
            type: "text",
            values: Array.from(c.frame![name], (x) => (x === null || x === undefined ? null : String(x))),
          })),
        ];
  const answer = ask("duck.py", { columns, query, test: check }) as {
    names: string[];
    rows: (string | number | boolean)[][];
    wrong: number;
    tables: number;
  };
  assert.equal(answer.wrong, 0, `${c.name}: the query that tests itself`);
  assert.equal(answer.tables, 0);
  const numbers = new Map(c.model.classes.map((label, k) => [label, k]));
  same(
    c,
    {
      labels: answer.rows.map(([label]) => numbers.get(label)!),
      probabilities: answer.rows.flatMap(([, ...probabilities]) => probabilities as number[]),
    },
    1e-6,
  );
}

interface OnnxAnswer {
  readonly labels: (string | number)[];
  readonly probabilities: (number | null)[];
  readonly golden: string[];
  readonly operators: string[];
}

function inOnnxRuntime(c: Case, weights: "float" | "int8"): { answer: OnnxAnswer; exported: Exported } {
  const { p, options } = partsOf(c);
  const given = p.matrix === null ? options : { examples: c.features };
  const exported = toOnnx(c.model, { ...given, weights });
  const inputs: Record<string, { type: string; values: unknown[][] }> = {};
  if (p.matrix !== null) {
    const m = c.features;
    assert.ok(m.kind === "dense");
    inputs.features = {
      type: "float",
      values: Array.from({ length: m.rows }, (_, i) => [
        ...m.values.subarray(i * m.columns, (i + 1) * m.columns),
      ]),
    };
  }
  for (const { name } of p.numeric) {
    const values = Array.from(c.frame![name], (x) => [Number.isNaN(x) || x === undefined ? null : x]);
    inputs[name] = { type: "number", values };
  }
  for (const { name, levels } of p.categorical) {
    // An empty text is a missing level, so one that is only unseen needs another name.
    const other = levels.includes("") ? "" : "~ unseen ~";
    const values = Array.from(c.frame![name], (x) => [x === "" ? other : String(x ?? "")]);
    inputs[name] = { type: "text", values };
  }
  for (const { name, state } of p.text) {
    const hasher = new TextHasher(state);
    const rows = Array.from(c.frame![name] as ArrayLike<string>, (text) => {
      hasher.hash(text);
      return {
        columns: Array.from(hasher.columns.subarray(0, hasher.size)),
        values: Array.from(hasher.values.subarray(0, hasher.size)),
      };
    });
    const length = Math.max(...rows.map(({ columns }) => columns.length));
    const filled = (list: number[]): number[] => [...list, ...new Array(length - list.length).fill(0)];
    inputs[`${name}/buckets`] = { type: "int", values: rows.map(({ columns }) => filled(columns)) };
    inputs[`${name}/values`] = { type: "float", values: rows.map(({ values }) => filled(values)) };
  }
  const model = Buffer.from(exported.bytes).toString("base64");
  return { answer: ask("onnx_run.py", { model, inputs }) as OnnxAnswer, exported };
}

/** A case of some of its rows: texts with so many words that they would fill the memory of a padded tensor are left out. */
function withoutLongTexts(c: Case): Case {
  const m = c.features;
  if (m.kind === "dense" || c.features.columns < 4096) return c;
  const rows = Array.from({ length: m.rows }, (_, i) => i)
    .filter((i) => m.pointers[i + 1] - m.pointers[i] < 1000)
    .slice(-1500);
  const frame = Object.fromEntries(
    Object.entries(c.frame!).map(([name, column]) => [name, rows.map((i) => column[i])]),
  );
  return { ...c, frame, features: m.take(rows) };
}

function floatOnnx(all: Case): void {
  const c = withoutLongTexts(all);
  const { answer, exported } = inOnnxRuntime(c, "float");
  const numbers = new Map(
    c.model.classes.map((label, k) => [typeof label === "boolean" ? Number(label) : label, k]),
  );
  same(
    c,
    {
      labels: answer.labels.map((label) => numbers.get(label)!),
      probabilities: answer.probabilities as number[],
    },
    1e-6,
  );
  assert.equal(JSON.parse(answer.golden[0]).length, 8);
  if (process.env.LOGITPRESS_SHOW)
    console.log(exported.bytes.length, JSON.stringify(exported.facts), answer.operators.join(" "));
}

function int8Onnx(all: Case): void {
  const c = withoutLongTexts(all);
  const { p } = partsOf(c);
  const { answer, exported } = inOnnxRuntime(c, "int8");
  const scales = p.matrix === null ? [] : featureScales(p, c.features);
  const at = new Map(Array.from(p.matrix?.columns ?? [], (j, i) => [j, i]));
  const rounded = (unit: number, step: number): number => {
    const cut = Math.min(Math.max(Math.fround(unit), -127 * step), 127 * step);
    return halfEven(Math.fround(cut / Math.fround(step))) * step;
  };
  const steps = 4 / 127;
  const features = roundedFeatures(
    c,
    p,
    p.matrix === null
      ? p.numeric.map(({ mean, scale }) => ({ zero: mean, step: scale }))
      : scales.map(({ step }) => ({ zero: 0, step: 127 * step })),
    (x, column) => {
      // Bins are of the numbers as they come.
      if (p.bins.some((bins) => bins.column === column && bins.edges.length > 0)) return undefined;
      if (p.matrix === null) return rounded((x - p.numeric[column].mean) / p.numeric[column].scale, steps);
      return rounded(x / (127 * scales[at.get(column)!].step), 1 / 127);
    },
  );
  const { values } = c.model.predictProba(features);
  const slope = p.link === "binary" ? 0.25 : 0.5;
  const bound = slope * (exported.facts.marginBound as number) + 1e-6;
  const worst = answer.probabilities.reduce<number>(
    (top, x, i) => Math.max(top, Math.abs((x as number) - values[i])),
    0,
  );
  if (process.env.LOGITPRESS_SHOW)
    console.log(c.name, worst, bound, exported.bytes.length, JSON.stringify(exported.facts));
  assert.ok(worst <= bound, `${c.name}: ${worst}, bound ${bound}`);
  assert.ok(worst > 0);
  if (p.numeric.length > 0 || p.matrix !== null) assert.ok(answer.operators.includes("QuantizeLinear"));
  assert.ok(answer.operators.includes("DequantizeLinear"));
}

function halfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

function inSklearn(all: Case): void {
  const c = withoutLongTexts(all);
  const exported = toSklearn(c.model, partsOf(c).options);
  const rows =
    c.frame === undefined
      ? Array.from({ length: c.features.rows }, (_, i) => Array.from(rowOf(c, i) as Float32Array))
      : Object.fromEntries(
          Object.entries(c.frame).map(([name, column]) => [
            name,
            Array.from(column, (x) => (Number.isNaN(x) ? null : (x ?? null))),
          ]),
        );
  const module = join(root, "src", "export", "sklearn");
  const answer = ask("sklearn_load.py", { model: exported.text, rows, module }) as {
    labels: Label[];
    probabilities: number[];
  };
  const numbers = new Map(c.model.classes.map((label, k) => [label, k]));
  same(
    c,
    { labels: answer.labels.map((label) => numbers.get(label)!), probabilities: answer.probabilities },
    1e-6,
  );
}

/** Gives a program of Python a value as JSON, and what it answers. */
function ask(script: string, value: unknown): unknown {
  const { status, stdout, stderr } = spawnSync(python, [join(root, "test", "export", script)], {
    input: JSON.stringify(value),
    encoding: "utf8",
    maxBuffer: 1 << 29,
  });
  assert.equal(status, 0, stderr.slice(-3000));
  return JSON.parse(stdout);
}

interface Predict {
  (row: unknown): { label: Label; probabilities: number[] };
  selfTest(): void;
}

function rowOf(c: Case, i: number): unknown {
  if (c.frame !== undefined) {
    return Object.fromEntries(Object.entries(c.frame).map(([name, column]) => [name, column[i]]));
  }
  const m = c.features;
  assert.ok(m.kind === "dense");
  return m.values.subarray(i * m.columns, (i + 1) * m.columns);
}

for (const [name, make] of Object.entries({
  cancerCases,
  digitsCases,
  mailCases,
  flightCases,
  termCases,
})) {
  describe(`${name.replace("Cases", "")}: exports say what the model says`, () => {
    let cases: Case[];
    before(async () => {
      cases = await make();
    });
    const each = (title: string, run: (c: Case) => void): void => {
      test(title, () => {
        for (const c of cases) run(c);
      });
    };
    each("C in floating point", floatC);
    each("JavaScript", javaScript);
    each("SQL in DuckDB on Parquet", sqlInDuckDb);
    each("ONNX in onnxruntime", floatOnnx);
    each("ONNX of 8 bits, within its bound", int8Onnx);
    each("scikit-learn", inSklearn);
    each("C in fixed point, within its bound", integerC);
  });
}

test("a model in integers becomes C in integers, and nothing else", async () => {
  const cases = await digitsCases();
  const { model, features } = cases.find(({ name }) => name === "digits sparse")!;
  const data = Dataset.from({ features, labels: model.predict(features), classes: model.classes });
  for (const granularity of ["model", "feature"] as const) {
    const whole = quantizeInputs(model as QuantizedModel, { data, granularity });
    integerC({ name: `digits in integers, scales by ${granularity}`, model: whole, features });
    for (const to of [toJavaScript, toOnnx, toSql, toSklearn]) {
      assert.throws(() => to(whole), { code: "unsupported-model", message: /"integer".*integer arithmetic/ });
    }
    assert.throws(() => toC(whole, { arithmetic: "float" }), { code: "unsupported-model" });
  }
});
