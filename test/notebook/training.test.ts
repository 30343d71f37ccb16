import assert from "node:assert/strict";
import { test } from "node:test";
import { FitRecord } from "../../src/model/linear";
import { pValue } from "../../src/notebook/coefficients";
import "../../src/notebook/display";
import { crossValidate } from "../../src/evaluate/cross-validate";
import { displayBudget } from "../../src/notebook/fold";
import { bundleOf } from "../../src/notebook/render";
import { report } from "../../src/notebook/report/report";
import { CoefficientTable } from "../../src/train/coefficient-table";
import { summarise } from "../../src/train/inference";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { regularizationPath } from "../../src/train/path";
import { modelOf } from "../evaluate/models";
import { randomData } from "../train/data";
import { madeCrossValidation, madePath } from "../train/paths";

const hostile = `<img src=x onerror="alert(1)">`;
const remedy = `Raise maxIterations, or lambda. ${hostile}`;
const message = "Not converged after 100 iterations: the relative duality gap is 1.00e-3, not 0.000001.";
const warning = { code: "not-converged", message, remedy } as const;
const told = `Warning: ${message} ${remedy}`;

async function shown(value: unknown): Promise<{ readonly text: string; readonly html: string }> {
  const bundle = await bundleOf(value);
  const html = String(bundle["text/html"]);
  assert.doesNotMatch(html, /<img src=x/);
  return { text: String(bundle["text/plain"]), html };
}

const { fit } = modelOf(["a", "b"], "binary", [1, 2], [0]);

test("a fit shows its solver and the reason, its gap, iterations and passes, and its warnings in full", async () => {
  const record = new FitRecord({
    ...fit,
    ...{ solverReason: `far more columns than rows ${hostile}`, passes: 1234, converged: false },
    ...{ objective: 0.5, dualityGap: 1e-7, warnings: [warning] },
  });
  const { text, html } = await shown(record);
  assert.match(text, /^Fit, not converged\n/);
  assert.match(text, /duality gap +1\.00e-7 \(2\.0e-7 of the objective\)/);
  assert.match(text, /passes over the data +1,234/);
  assert.match(text, /iterations +2 \(not converged\)/);
  assert.match(text, /newton: far more columns than rows/);
  assert.ok(text.includes(told));
  assert.match(html, /<b>Warning:<\/b> Not converged .* Raise maxIterations, or lambda\./);
  assert.match(html, /logitpress-figure/);
  const plain = await shown(new FitRecord({ ...fit, dualityGap: Number.NaN, history: [] }));
  assert.match(plain.text, /duality gap +none known/);
  assert.doesNotMatch(plain.text, /passes|Warning/);
});

test("the fit of a model is such a record, and a model tells its warnings in full, too", async () => {
  const model = modelOf(["a", "b"], "binary", [1, 2], [0]);
  assert.ok(model.fit instanceof FitRecord);
  assert.match((await shown(model.fit)).text, /^Fit, converged/);
  const warned = Object.assign(modelOf(["a", "b"], "binary", [1], [0]), {
    fit: { ...fit, warnings: [warning] },
  });
  assert.ok((await shown(warned)).text.includes(told));
});

test("a path shows some steps, folds all, and says why it ended", async () => {
  const path = madePath({ endedEarly: `nothing gained ${hostile}`, warnings: [warning] });
  const { text, html } = await shown(path);
  assert.match(text, /^Regularization path, l1, 50 steps in 1\.2 s\n/);
  assert.match(text, /12 of 50 steps; ended early: nothing gained/);
  assert.match(text, /0\.08 +0 +0\.00 %/);
  assert.ok(text.includes(told));
  assert.match(html, /<details><summary[^>]*>All 50 steps<\/summary>/);
  assert.match(html, /logitpress-figure/);
  const few = await shown(madePath({ steps: 3 }));
  assert.doesNotMatch(few.html, /<details>/);
});

test("a cross-validation shows the best point and that of the rule, and folds the others", async () => {
  const { text, html } = await shown(madeCrossValidation([0.5, 1], "best", { warnings: [warning] }));
  assert.match(text, /^Cross-validation, 80 penalties in 10 folds, 12\.3 s\n/);
  assert.match(text, /\nbest, chosen +0\.0033\d* +0\.5 +0\.081/);
  assert.match(text, /\n1 SE +/);
  assert.match(html, /All 80 penalties/);
  const many = await shown(madeCrossValidation([0.1, 0.4, 0.7, 1]));
  assert.match(many.html, /The 100 best of 160 penalties/);
});

const row = (j: number, error: number) => {
  const [coefficient, z] = [Math.sin(j) * 2, (Math.sin(j) * 2) / error];
  return {
    name: j === 0 ? "(intercept)" : `feature ${j} ${hostile}`,
    intercept: j === 0,
    coefficient,
    standardError: error,
    z,
    p: Math.exp(-Math.abs(z)),
    lower: coefficient - 1.96 * error,
    upper: coefficient + 1.96 * error,
    oddsRatio: Math.exp(coefficient),
  };
};
const classes = ["ham", "spam"];

test("coefficients show the intercept first, then the strongest, and fold more within the budget", async () => {
  const rows = Array.from({ length: 5_000 }, (_, j) => row(j, 0.3)).reverse();
  const table = new CoefficientTable({ rows, classes, level: 0.95, notes: ["Wald tests"] });
  const { text, html } = await shown(table);
  const lines = text.split("\n");
  assert.equal(lines[0], "Coefficients, 5,000 in all");
  assert.match(lines[1], /feature +coefficient +std\. error +z +p +95 % from +to +odds ratio/);
  assert.match(lines[2], /^\(intercept\) /);
  assert.equal(lines.length, 1 + 1 + 21 + 1 + 1);
  assert.match(lines[24], /^What speaks for a class: .*spam against ham, the strongest 20 of 4,999/);
  assert.match(
    lines[23],
    /log-odds of spam against ham.*; the strongest by \|z\|, 4,979 more in its property ranked; Wald tests/,
  );
  assert.match(html, /The next 80 of 5,000/);
  assert.ok(Buffer.byteLength(JSON.stringify(await bundleOf(table))) <= displayBudget);
});

test("coefficients without tests have no columns for them and say why", async () => {
  const rows = [row(0, Number.NaN), row(1, Number.NaN)];
  const notes = ["p values are not valid: the weights were penalised"];
  const { text } = await shown(new CoefficientTable({ rows, classes, level: 0.95, notes }));
  assert.doesNotMatch(text, /std\. error| z /);
  assert.match(text, /p values are not valid: the weights were penalised/);
  const three = rows.map((r, k) => ({ ...r, class: `c${k}` }));
  const many = await shown(new CoefficientTable({ rows: three, classes: [1, 2, 3], level: 0.9, notes: [] }));
  assert.match(many.text, /feature +class +coefficient +odds ratio\n\(intercept\) +c0/);
});

test("a real path, cross-validation and summary show themselves", async () => {
  const data = randomData("csr", 200, 12, 2, 4);
  const path = await regularizationPath(data, { penalty: "l1", lambdas: 15, earlyStop: false });
  const walked = await shown(path);
  assert.match(walked.text, /^Regularization path, l1, 15 steps in /);
  assert.match(walked.html, /All 15 steps/);
  assert.match(walked.html, /logitpress-figure/);
  const cv = await shown(
    await crossValidate(data, { penalty: "elasticnet", l1Ratio: [0.5, 1], lambdas: 6, folds: 3 }),
  );
  assert.match(cv.text, /^Cross-validation, \d+ penalties in 3 folds, /);
  assert.match(cv.text, /\n(best|best, chosen|best, 1 SE, chosen) +/);
  const fit = (options: LogisticRegressionOptions) => new LogisticRegression(options).fit(data);
  const tested = await shown(summarise(await fit({ penalty: "none", tolerance: 1e-10 }), data));
  assert.match(tested.text, /std\. error +z +p/);
  assert.match(tested.text, /McFadden's R2 0\.\d+, likelihood ratio [\d.]+ on 12 degrees \(p /);
  const untested = await shown(summarise(await fit({ penalty: "l1", lambda: 0.01 }), data));
  assert.doesNotMatch(untested.text, /std\. error/);
  assert.equal(untested.text.match(/standard errors, tests and intervals are not valid/g)?.length, 1);
  assert.match(untested.text, /Warning: The fit has a penalty \(l1, lambda 0\.01\).*Fit with penalty "none"/);
});

test("p values keep three decimals, four where they are small, and never read as zero", () => {
  assert.deepEqual([0.5, 0.0412, 0.001, 0.00099, 1e-5, 0, 1, Number.NaN].map(pValue), [
    "0.500",
    "0.041",
    "0.001",
    "0.0010",
    "< 0.0001",
    "< 0.0001",
    "1.000",
    "–",
  ]);
});

test("a report carries warnings and what is folded", async () => {
  const content = [madePath({ features: 30, warnings: [warning] })];
  const page = await report({ title: "t", sections: [{ title: "s", content }] }).toHtml();
  assert.match(page, /<b>Warning:<\/b> Not converged/);
  assert.match(page, /All 50 steps/);
  assert.doesNotMatch(page, /<img src=x/);
});
