import assert from "node:assert/strict";
import { test } from "node:test";
import { Figure, type Trace } from "../../src/chart/figure";
import { bundleBudget, byteBudget } from "../../src/chart/shown";
import { axisOf, categoryAxis, layoutOf } from "../../src/chart/theme";

const million = 1_000_000;
const count = (n: number, of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i));
const waves = count(million, (i) => Math.sin(i / 9000) + (i === 512_345 ? 40 : 0));
const axes = { xaxis: axisOf("place", "linear", [0, million]), yaxis: axisOf("value", "linear", [-2, 41]) };

function figureOf(
  data: readonly Trace[],
  layout = layoutOf({ title: "Large", subtitle: "of a user", axes }),
) {
  return new Figure({ data, layout, summary: "a figure of a user" });
}

interface Live {
  readonly data: readonly Trace[];
  readonly layout: Figure["layout"];
}

/** What is shown of a figure, within its budgets. */
function shown(figure: Figure): Live {
  const bundle = figure.toBundle();
  const live = JSON.stringify(bundle["application/vnd.plotly.v1+json"]);
  assert.ok(Buffer.byteLength(live) <= byteBudget + 100, `${live.length} bytes`);
  const all = Buffer.byteLength(JSON.stringify(bundle));
  assert.ok(all <= bundleBudget, `${all} bytes`);
  return JSON.parse(live) as Live;
}

test("a line of a million points keeps its ends and peaks, says so, and takes well under a second", () => {
  const trace: Trace = {
    type: "scatter",
    mode: "lines",
    x: count(million, (i) => i),
    y: waves,
    line: { color: "#000", width: 1 },
  };
  const figure = figureOf([trace]);
  const start = process.cpuUsage();
  const { data, layout } = shown(figure);
  const { user, system } = process.cpuUsage(start);
  assert.ok(user + system < 800_000, `${(user + system) / 1000} ms`);
  const note = /([\d,]+) of 1,000,000 points drawn/.exec(String(layout.title.subtitle?.text));
  assert.equal(Number(note?.[1].replace(/,/g, "")), data[0].x.length);
  assert.match(figure.toSvg(), /of 1,000,000 points drawn/);
  assert.match(String(figure.toBundle()["text/plain"]), /of 1,000,000 points drawn/);
  assert.equal(data[0].x[0], 0);
  assert.equal(data[0].x.at(-1), million - 1);
  assert.ok(data[0].y.some((v) => Number(v) > 40));
  assert.equal(figure.data[0].x.length, million);
});

test("texts follow their points, gaps stay, and traces share the budget", () => {
  const text = waves.map((_, i) => `point ${i}`);
  const y = waves.map((v, i) => (i > 300_000 && i < 310_000 ? Number.NaN : v));
  const line = {
    type: "scatter",
    mode: "lines",
    x: count(million, (i) => i),
    line: { color: "#000", width: 1 },
  } as const;
  const { data } = shown(
    figureOf([
      { ...line, y, text },
      { ...line, y: waves },
    ]),
  );
  assert.ok(Math.abs(data[0].x.length / data[1].x.length - 1) < 0.02, "shares");
  assert.deepEqual(
    data[0].text,
    data[0].x.map((x) => `point ${x}`),
  );
  const gaps = data[0].y.flatMap((v, i) => (v === null ? [Number(data[0].x[i])] : []));
  assert.ok(gaps.length > 3 && gaps.every((x) => x > 300_000 && x < 310_000));
});

test("scattered points keep the extremes of x and of y", () => {
  const x = count(million, (i) => (i * 7919) % 999_983);
  const y = count(million, (i) => Math.sin(i) * 30);
  y[77] = -1.9;
  x[78] = -5;
  const trace: Trace = {
    type: "scatter",
    mode: "markers",
    x,
    y: y.map((v, i) => (i === 79 ? 40.5 : v)),
    marker: { color: "#000" },
  };
  const { data } = shown(figureOf([trace]));
  assert.ok(data[0].x.length > 1000);
  assert.ok(data[0].x.includes(-5));
  assert.ok(data[0].y.includes(40.5));
});

test("bars are the largest of neighbours, as wide as all of them, and the figure says so", () => {
  const bars: Trace = {
    type: "bar",
    x: count(100_000, (i) => i),
    y: waves.slice(460_000, 560_000),
    marker: { color: "#000" },
  };
  const { data, layout } = shown(figureOf([bars]));
  assert.match(String(layout.title.subtitle?.text), /bars: the largest of each 67 neighbours/);
  assert.ok(data[0].y.some((v) => Number(v) > 40));
  const widths = data[0].width as number[];
  assert.equal(widths.length, data[0].x.length);
  assert.ok(Math.abs(widths[0] - 67) < 1e-3);
});

test("cells are the largest of neighbours, and so are their names and texts", () => {
  const names = count(300, (i) => i).map((i) => `class ${i}`);
  const z = names.map((_, r) => names.map((__, c) => (r === c ? 0.123456789 : (r * c) % 7 ? 0 : 0.01)));
  const heat: Trace = {
    type: "heatmap",
    x: names,
    y: names,
    z,
    text: z.map((row, r) => row.map((_, c) => `${r}/${c}`)),
  };
  const layout = layoutOf({
    title: "Cells",
    axes: {
      xaxis: categoryAxis("across", names),
      yaxis: categoryAxis("down", names, { range: [299.5, -0.5] }),
    },
  });
  const { data, layout: live } = shown(figureOf([heat], layout));
  assert.match(String(live.title.subtitle?.text), /cells: the largest of each 4 × 4 neighbours/);
  assert.equal(data[0].x.length, 75);
  assert.deepEqual(data[0].x[0], "class 0 … class 3");
  assert.deepEqual(live.yaxis.range, [74.5, -0.5]);
  assert.ok(data[0].z?.every((row, k) => row[k] === 0.123457));
  const [at] = (data[0].text as string[][])[7].slice(7);
  assert.equal(at, "28/28");
});

test("names and texts alone that are too long are refused with a note", () => {
  const long = "&<>".repeat(100_000);
  const figure = figureOf([], layoutOf({ title: long, subtitle: long, axes }));
  const { layout } = shown(figure);
  assert.match(
    String(layout.title.subtitle?.text),
    /not drawn: its names and texts take more than 100,000 bytes/,
  );
});
