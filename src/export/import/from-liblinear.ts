import { fail } from "../../base/errors";
import { checkText } from "../../base/shape";
import { checkDimensions } from "../../pack/limits";
import type { StoredLinear } from "../../pack/packed";
import { imported } from "./imported";

const logistic = ["L2R_LR", "L2R_LR_DUAL", "L1R_LR"];

/**
 * A model of liblinear, from the text of its file. Two classes are one output; more are one sigmoid a class, normalised, as liblinear's own
 * probabilities are. The bias becomes the intercept. Labels are whole numbers, in ascending order here.
 * @throws `invalid-file` where the text is no such file; `unsupported-model` for a solver that is no logistic regression
 */
export function fromLiblinear(text: string): StoredLinear {
  checkText(text, "text of a liblinear model");
  const lines = text.split(/\r?\n/);
  const head = new Map<string, string[]>();
  let at = 0;
  for (; at < lines.length && lines[at].trim() !== "w"; at++) {
    const [key, ...values] = lines[at].trim().split(/\s+/);
    head.set(key, values);
  }
  if (at === lines.length) wrong('a line "w" before the weights');
  const solver = head.get("solver_type")?.[0] ?? wrong("a solver_type");
  if (!logistic.includes(solver)) {
    fail("unsupported-model", {
      thing: "solver of the liblinear model",
      value: solver,
      expected: `a logistic regression, ${logistic.join(", ")}`,
    });
  }
  const classes = numbers(head.get("label"), "labels");
  const [features] = numbers(head.get("nr_feature"), "nr_feature");
  const [bias] = numbers(head.get("bias"), "bias");
  if (numbers(head.get("nr_class"), "nr_class")[0] !== classes.length) wrong("as many labels as classes");
  const outputs = classes.length === 2 ? 1 : classes.length;
  if (!Number.isInteger(features)) wrong("a whole nr_feature");
  checkDimensions(features, classes.length, outputs);
  const rows = lines.slice(at + 1).filter((line) => line.trim() !== "");
  if (rows.length !== features + Number(bias >= 0))
    wrong(`${features} lines of weights, and one for the bias`);
  const table = rows.map((line) => {
    const row = numbers(line.trim().split(/\s+/), "weights");
    return row.length === outputs ? row : wrong(`${outputs} weights a line`);
  });
  const order = Array.from(classes.keys()).sort((a, b) => classes[a] - classes[b]);
  // The margin is that of the first label, here it is that of the second.
  const sign = outputs === 1 && order[0] === 0 ? -1 : 1;
  const arranged = (row: readonly number[]): number[] =>
    outputs === 1 ? [sign * row[0] + 0] : order.map((k) => row[k]);
  const last = bias >= 0 ? arranged(table[features]).map((w) => w * bias) : new Array(outputs).fill(0);
  return imported(
    {
      classes: order.map((k) => classes[k]),
      link: outputs === 1 ? "binary" : "ovr",
      weights: Float64Array.from(table.slice(0, features).flatMap(arranged)),
      intercepts: Float64Array.from(last),
    },
    "liblinear model",
  );
}

function numbers(words: readonly string[] | undefined, thing: string): number[] {
  const list = (words ?? []).map(Number);
  return list.length > 0 && list.every(Number.isFinite) ? list : wrong(`numbers for ${thing}`);
}

function wrong(expected: string): never {
  return fail("invalid-file", { thing: "liblinear model", expected });
}
