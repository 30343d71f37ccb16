import assert from "node:assert/strict";
import { test } from "node:test";
import { significant } from "../../src/chart/format";
import { frontChart } from "../../src/chart/front";
import { lossChart } from "../../src/chart/loss";
import { type Dataset, LogisticRegression } from "../../src/index";
import type { FitStep } from "../../src/model/linear";
import { randomData } from "../evaluate/models";

test("classes fitted one after another have a line each, from their own start to their own end", async () => {
  const data: Dataset = randomData(["a", "b", "<c>"], 300, 5);
  const { fit, classes } = await new LogisticRegression({ lambda: 0.01, multiclass: "ovr" }).fit(data);
  const { data: traces, layout } = lossChart(fit, classes);
  const lines = traces.filter(({ yaxis }) => yaxis === undefined);
  assert.deepEqual(
    lines.map(({ name }) => name),
    classes.map((label) => String(label).replace("<", "&lt;").replace(">", "&gt;")),
  );
  lines.forEach(({ x, y }, k) => {
    const own = fit.history.filter(({ output }) => output === k);
    assert.deepEqual([...x], [...own.keys()]);
    y.forEach((value, i) => {
      assert.ok(Math.abs(Number(value) - own[i].objective) <= 1e-4 * own[i].objective);
      if (i > 0) assert.ok(Number(value) <= Number(y[i - 1]));
    });
  });
  const ends = lines.reduce((sum, { y }) => sum + Number(y[y.length - 1]), 0);
  assert.ok(Math.abs(ends - fit.objective) < 1e-3 * fit.objective);
  assert.ok(layout.title.subtitle?.text.includes(`their sum ${significant(fit.objective)}`));
  assert.equal(layout.showlegend, true);
});

test("steps are whole: few of them have a tick each, a fit of one class is one line", () => {
  const steps = (count: number): FitStep[] =>
    Array.from({ length: count }, (_, i) => ({
      iteration: i,
      objective: 1 / (i + 1),
      gradientNorm: 1,
      seconds: i,
    }));
  assert.equal(lossChart(steps(2)).layout.xaxis.dtick, 1);
  assert.equal(lossChart(steps(50)).layout.xaxis.dtick, undefined);
  assert.match(lossChart(steps(50)).summary, / in 49 steps/);
  assert.equal(lossChart(steps(2)).data.length, 1);
});

test("an axis of bytes has ticks, also where no power of ten lies in it", () => {
  const axis = (sizes: readonly number[]) => {
    const points = sizes.map((bytes) => ({
      ...{ bytes, nonzeros: 1, levels: 2, input: "", lambda: 1, mu: 1, start: "" },
      crossValidated: { logLoss: 1 / bytes, accuracy: 0.9 },
    }));
    const baseline = { bytes: 40, logLoss: 0.1, accuracy: 0.9 };
    const found = { points, front: points, chosen: points[0], baseline, met: true };
    return frontChart(found as never).layout.xaxis;
  };
  assert.equal(axis([21, 22, 36]).dtick, "D2");
  assert.equal(axis([30, 3000]).dtick, 1);
});

test("numbers are grouped, whatever their digits", () => {
  assert.equal(significant(3035), "3,035");
  assert.equal(significant(-1234.56, 6), "−1,234.56");
  assert.equal(significant(999.96), "1,000");
  assert.equal(significant(0.0012345), "0.001234");
});
