import assert from "node:assert/strict";
import { test } from "node:test";
import { displaySymbol, isDisplayable, type MimeBundle } from "../../src/base/display";
import { calibrationChart } from "../../src/chart/calibration";
import { comparisonChart } from "../../src/chart/comparison";
import { confusionChart } from "../../src/chart/confusion";
import { differenceChart } from "../../src/chart/difference";
import type { Figure } from "../../src/chart/figure";
import { ledgerChart } from "../../src/chart/ledger";
import { lossChart } from "../../src/chart/loss";
import { rocChart } from "../../src/chart/roc";
import { sparsityChart } from "../../src/chart/sparsity";
import { percentFormat } from "../../src/chart/theme";
import { weightsChart } from "../../src/chart/weights";
import { compare } from "../../src/evaluate/compare";
import { evaluate } from "../../src/evaluate/evaluate";
import { modelOf, normals, randomData } from "../evaluate/models";

const hostile = `a</script><b onclick="x">&`;
const classes = ["ham", hostile];
const model = modelOf(classes, "binary", normals(5, 1), [0]);
const data = randomData(classes, 200, 2);
const quick = { latencyRows: 0 };
const evaluation = evaluate(model, data, quick);
const weaker = modelOf(classes, "binary", normals(5, 7), [0]);
const three = modelOf([1, 2, 3], "softmax", normals(15, 3), [0, 0, 0]);
const figures: Readonly<Record<string, Figure>> = {
  loss: lossChart(model.fit),
  epochs: lossChart([
    { epoch: 0, loss: 100 },
    { epoch: 1, loss: 1 },
  ]),
  weights: weightsChart(model, three),
  sparsity: sparsityChart([
    { nonzeros: 10, accuracy: 0.9, logLoss: 0.3, name: hostile },
    { nonzeros: 100, accuracy: 0.95, logLoss: 0.2 },
  ]),
  comparison: comparisonChart(compare({ float: model, [hostile]: model }, data, quick)),
  confusion: confusionChart(evaluation),
  roc: rocChart({ one: evaluation, [hostile]: evaluate(three, randomData([1, 2, 3], 90, 4), quick) }),
  calibration: calibrationChart(evaluation),
  ledger: ledgerChart({
    sections: [
      { name: hostile, bytes: 10 },
      { name: "codes", bytes: 30 },
    ],
  }),
  difference: differenceChart(compare({ float: model, [hostile]: model, weaker }, data, quick)),
};

function bundleOf(figure: Figure): MimeBundle {
  assert.ok(isDisplayable(figure));
  return figure[displaySymbol]() as MimeBundle;
}

for (const [name, figure] of Object.entries(figures)) {
  test(`${name}: axes have titles, the bundle is complete and inert`, () => {
    const { layout } = figure;
    assert.ok(layout.xaxis.title !== undefined || layout.yaxis.title !== undefined);
    const bundle = bundleOf(figure);
    const live = bundle["application/vnd.plotly.v1+json"];
    assert.deepEqual(Object.keys(live as object), ["data", "layout", "config"]);
    assert.doesNotMatch(JSON.stringify(live), /<b onclick/);
    const html = String(bundle["text/html"]);
    assert.equal(html.match(/<script/g)?.length, 2);
    assert.equal(html.match(/<\/script>/g)?.length, 2);
    assert.doesNotMatch(html, /<b/);
    assert.match(String(bundle["text/plain"]), /^[^\n]{10,}$/);
    assert.doesNotMatch(String(bundle["text/plain"]), /&lt;/);
  });

  test(`${name}: the picture has the marks of the figure, inside its frame`, () => {
    const svg = figure.toSvg();
    assert.doesNotMatch(svg, /NaN|Infinity|undefined|<b /);
    const traces = figure.data;
    const dots = traces.filter((t) => t.mode?.includes("markers")).reduce((sum, t) => sum + t.x.length, 0);
    assert.equal(svg.match(/h0/g)?.length ?? 0, dots);
    assert.equal(
      svg.match(/stroke-linejoin/g)?.length ?? 0,
      traces.filter((t) => t.mode?.includes("lines")).length,
    );
  });
}

test("bars of the picture are as long as their values", () => {
  const svg = figures.ledger.toSvg();
  const [ten, thirty] = [...svg.matchAll(/h(-?[\d.]+)v[-\d.]+h-?[\d.]+z/g)].map((m) => Number(m[1]));
  assert.ok(Math.abs(thirty / ten - 3) < 0.01);
});

test("the histogram counts every nonzero weight", () => {
  for (const [i, of] of [model, three].entries()) {
    const sum = figures.weights.data[i].y.reduce((total: number, v) => total + Number(v), 0);
    assert.equal(sum, of.nonzeros);
  }
});

test("cells of the confusion matrix show its counts", () => {
  const { z } = figures.confusion.data[0];
  for (const row of z ?? []) assert.ok(Math.abs(row.reduce((a: number, b) => a + Number(b), 0) - 1) < 1e-12);
});

test("shares of an axis have as many decimals as tell its ticks apart", () => {
  const formats = [0.5, 0.05, 0.01, 0.003, 0.0004].map(
    (span) => percentFormat([0.79, 0.79 + span]).tickformat,
  );
  assert.deepEqual(formats, [".1%", ".1%", ".1%", ".2%", ".3%"]);
  assert.equal(percentFormat([0.5, 0.5]).tickformat, ".1%");
});

test("the ledger's chart marks the entropy bounds, and says how far the file is from them", () => {
  const sections = [
    { name: "positions", bytes: 40 },
    { name: "codes", bytes: 20 },
    { name: "checksum", bytes: 4 },
  ];
  const { data, layout } = ledgerChart({ sections, bound: { positions: 39.5, codes: 18 } });
  assert.deepEqual(data[1].x, [39.5, 18]);
  assert.deepEqual(data[1].y, ["positions", "codes"]);
  const subtitle = () => String(layout.title.subtitle?.text).replaceAll("<br>", " ");
  assert.match(subtitle(), /positions and codes 2\.5 B above the bound/);
  const below = ledgerChart({ sections, bound: { positions: 50, codes: 18 } });
  assert.match(below.summary, /8 B below the bound/);
  const full = ledgerChart({
    sections: [{ name: "positions", bytes: 0 }, ...sections.slice(1)],
    bound: { positions: 0, codes: 18 },
  });
  assert.deepEqual(full.data[1].y, ["codes"]);
  const exact = sections.map((section) => ({ ...section, bits: 8 * section.bytes + 4 }));
  assert.match(
    ledgerChart({ sections: exact, bound: { positions: 39.5, codes: 18 } }).summary,
    / 3\.5 B above/,
  );
});

test("the chart of differences has an interval a model, the margin, and the count of verdicts", () => {
  const found = compare({ float: model, same: model, weaker }, data, quick);
  const figure = differenceChart(found);
  const { low, high, estimate } = found.row("weaker").difference!.logLoss;
  assert.deepEqual(figure.data[2].x, [0, 0, null, low, high, null]);
  assert.deepEqual(figure.data[3].x, [0, estimate]);
  assert.equal(figure.data[1].x[0], 0.01 * found.rows[0].evaluation.logLoss);
  // The first of the others stands highest; the dotted lines cross the whole height, also beside a single model.
  assert.deepEqual(figure.data[3].y, [1, 0]);
  assert.deepEqual(figure.layout.yaxis.ticktext, ["weaker", "same"]);
  const single = differenceChart(compare({ float: model, weaker }, data, quick));
  for (const one of [figure, single]) {
    for (const line of one.data.slice(0, 2)) assert.deepEqual(line.y, one.layout.yaxis.range);
  }
  assert.match(figure.summary, /no loss: 1, loss: 1, undecided: 0/);
});
