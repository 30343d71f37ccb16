import assert from "node:assert/strict";
import { featureScales } from "../../src/export/c/integer-model";
import type { Exported } from "../../src/export/exported";
import { toOnnx } from "../../src/export/onnx/to-onnx";
import { TextHasher } from "../../src/frame/text";
import { ask, partsOf, same, withoutLongTexts } from "./agreement";
import type { Case } from "./cases";
import { roundedFeatures } from "./rounded-features";

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

export function floatOnnx(all: Case): void {
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

export function int8Onnx(all: Case): void {
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
