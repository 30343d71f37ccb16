import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { Figure, type Trace } from "../../src/chart/figure";
import { axisOf, categoryAxis, layoutOf, sequential } from "../../src/chart/theme";
import { largest, usual } from "../chart/figures";
import { root } from "../python";
import { launchChromium } from "./chromium";
import { type Drawn, type DrawnPanel, distance, type Mark, marksIn, type Shape } from "./drawn";

let browser: Browser;
let page: Page;

before(async () => {
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 800, height: 900 } });
  await page.setContent(`<body><div id="still"></div><div id="live" style="width:760px"></div></body>`);
  await page.addScriptTag({ path: join(root, "node_modules", "plotly.js-dist-min", "plotly.min.js") });
});

after(async () => {
  await browser?.close();
});

const linear = { xaxis: axisOf("x", "linear", [-3, 12]), yaxis: axisOf("y", "linear", [-6, 9]) };
const names = ["a", "b", "c"];
const bar = { type: "bar", marker: { color: "#0072b2" } } as const;
const own = (data: readonly Trace[], axes: Parameters<typeof layoutOf>[0]["axes"] = linear, legend = false) =>
  new Figure({
    data,
    layout: layoutOf({ title: "Own", subtitle: "of a user", axes, legend }),
    summary: "own",
  });

/** Figures as users build them, of what the chart functions do not draw. */
const ofUsers: Readonly<Record<string, Figure>> = {
  gaps: own(
    [
      {
        type: "scatter",
        name: "one",
        x: [0, 1, 2, 3, 4, 5],
        y: [1, Number.NaN, 3, 4, null, 0],
        mode: "lines+markers",
      },
      { type: "scatter", name: "two", x: [1, 2, 30], y: [-40, 5, 5], mode: "lines" },
    ],
    linear,
    true,
  ),
  "grouped bars": own([
    { ...bar, name: "one", x: [0, 1, 3], y: [1, -2, 3] },
    { ...bar, name: "two", x: [0, 1, 3], y: [2, 4, Number.NaN], marker: { color: "#d55e00" } },
  ]),
  "bars of names": own([{ ...bar, x: names, y: [3, 1, 2] }], {
    xaxis: categoryAxis("name", names),
    yaxis: axisOf("value", "linear", [0, 4]),
  }),
  "cells of numbers": own([
    {
      type: "heatmap",
      x: [0, 1, 2, 4],
      y: [-2, 2],
      z: [
        [1, 2, null, 4],
        [5, Number.NaN, 7, 8],
      ],
      colorscale: sequential,
      showscale: false,
    },
  ]),
  logarithmic: own(
    [
      {
        type: "scatter",
        mode: "markers",
        x: [0.001, 1, -1, 5000],
        y: [1, 2, 3, 4],
        marker: { color: "#0072b2" },
      },
    ],
    {
      xaxis: axisOf("x", "log", [-4, 4]),
      yaxis: axisOf("y", "linear", [0, 5]),
    },
  ),
  tiny: own(
    [{ type: "scatter", mode: "markers", x: [1e-9, 2e-9], y: [1e10, 3e10], marker: { color: "#0072b2" } }],
    {
      xaxis: axisOf("x", "linear", [0, 3e-9]),
      yaxis: axisOf("y", "linear", [0, 4e10]),
    },
  ),
};

for (const [name, figure] of [
  ...Object.entries(usual),
  ...Object.entries(ofUsers),
  ...Object.entries(largest()).map(([key, value]) => [`the largest ${key}`, value] as const),
]) {
  test(`${name}: the still picture agrees with plotly`, async () => {
    assert.deepEqual(differences(await stillOf(figure), await liveOf(figure)), []);
  });
}

test("a changed datum, name, title or colour is noticed", async () => {
  const [ledger, confusion, roc] = [usual.ledger, usual.confusion, usual.roc];
  const changed = (figure: Figure, trace: Partial<Trace>) =>
    new Figure({ ...figure, data: figure.data.map((t) => ({ ...t, ...trace })) });
  const cases: [Figure, Figure][] = [
    [ledger, changed(ledger, { x: [10, 45, 812] })],
    [ledger, changed(ledger, { marker: { color: "#d55e00" } })],
    [
      confusion,
      changed(confusion, {
        z: [
          [0.5, 0.49],
          [0.2, 0.55],
        ],
      }),
    ],
    [roc, changed(roc, { name: "other" })],
    [roc, changed(roc, { y: [0.1, 1] })],
    [ledger, new Figure({ ...ledger, layout: { ...ledger.layout, title: { text: "Other" } } })],
  ];
  for (const [still, live] of cases) {
    assert.notDeepEqual(differences(await stillOf(still), await liveOf(live)), []);
  }
});

/** What differs: tolerances are two pixels of a plot area of 650 by 260, and what an eye cannot tell of a colour. */
function differences(still: Drawn, live: Drawn): string[] {
  const found: string[] = [];
  const differ = (what: string, a: unknown, b: unknown) => {
    if (JSON.stringify(a) !== JSON.stringify(b))
      found.push(`${what}: ${JSON.stringify(a)} | ${JSON.stringify(b)}`);
  };
  differ("title", still.title, live.title);
  differ("subtitle", still.subtitle, live.subtitle);
  differ(
    "legend",
    still.legend.filter((name) => !live.legend.includes(name)),
    [],
  );
  if (still.legend.length < Math.min(live.legend.length, 12)) differ("legend", still.legend, live.legend);
  differ("panels", still.panels.length, live.panels.length);
  for (const [k, panel] of still.panels.entries()) found.push(...panelDifferences(panel, live.panels[k]));
  return found.slice(0, 10);
}

function panelDifferences(still: DrawnPanel, live: DrawnPanel): string[] {
  const found: string[] = [];
  if (still.xtitle !== live.xtitle) found.push(`x title: ${still.xtitle} | ${live.xtitle}`);
  if (still.ytitle !== live.ytitle) found.push(`y title: ${still.ytitle} | ${live.ytitle}`);
  for (const side of ["xticks", "yticks"] as const) {
    if (live[side].length > 0 && still[side].length < 2 && live[side].length > 1) found.push(`${side}: none`);
    for (const [label, at] of still[side]) {
      const same = live[side].some(([text, place]) => sameLabel(label, text) && Math.abs(place - at) < 0.012);
      if (!same) found.push(`${side}: ${label} at ${at.toFixed(3)} of ${JSON.stringify(live[side])}`);
    }
  }
  if (still.labels.length !== live.labels.length)
    found.push(`${still.labels.length} | ${live.labels.length} labels`);
  for (const [i, [label, x, y]] of still.labels.entries()) {
    const [text, a, b] = live.labels[i] ?? ["", Number.NaN, Number.NaN];
    if (label === text && Math.abs(x - a) < 0.02 && Math.abs(y - b) < 0.03) continue;
    found.push(`label ${label} at ${x} ${y} | ${text} at ${a} ${b}`);
  }
  for (const kind of ["line", "dot", "bar"] as const) {
    const [ours, theirs] = [still, live].map(({ marks }) => marks.filter((mark) => mark.kind === kind));
    if (ours.length !== theirs.length) found.push(`${ours.length} | ${theirs.length} ${kind}s`);
    else found.push(...ours.flatMap((mark, i) => markDifferences(mark, theirs[i])));
  }
  return [...found, ...cellDifferences(still.marks, live.marks)];
}

/** Each cell of plotly lies in one of ours, which may be a run of equal ones, and ours cover no more. */
function cellDifferences(still: readonly Mark[], live: readonly Mark[]): string[] {
  const [ours, theirs] = [still, live].map((marks) => marks.filter(({ kind }) => kind === "cell"));
  const size = ([[x0, y0], [x1, y1]]: Mark["points"]) => (x1 - x0) * (y1 - y0);
  const [covered, wanted] = [ours, theirs].map((cells) =>
    cells.reduce((sum, { points }) => sum + size(points), 0),
  );
  const found = Math.abs(covered - wanted) < 0.05 ? [] : [`cells cover ${covered} | ${wanted}`];
  for (const cell of theirs) {
    const [[x0, y0], [x1, y1]] = cell.points;
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    const around = ours.filter(({ points: [[a, b], [c, d]] }) => a < x && x < c && b < y && y < d);
    if (around.length !== 1) found.push(`${around.length} cells at ${x} ${y}`);
    for (const { colour, points } of around) {
      const run = size(points) > 1.5 * size(cell.points);
      found.push(...markDifferences({ kind: "cell", colour, points: run ? cell.points : points }, cell));
    }
  }
  return found;
}

/** Equal, or cut: plotly itself cuts nothing. */
function sameLabel(still: string, live: string): boolean {
  return still === live || (still.endsWith("…") && live.startsWith(still.slice(0, -1)));
}

function markDifferences(still: Mark, live: Mark): string[] {
  const found: string[] = [];
  const apart =
    still.kind === "line"
      ? Math.max(distance(still.points, live.points), distance(live.points, still.points))
      : Math.max(
          ...still.points.map(([x, y], i) =>
            Math.max(Math.abs(x - live.points[i][0]), Math.abs(y - live.points[i][1])),
          ),
        );
  if (!(apart < (still.kind === "cell" ? 0.012 : 0.004))) {
    found.push(
      `${still.kind} apart by ${apart}: ${JSON.stringify([still.points.slice(0, 3), live.points.slice(0, 3)])}`,
    );
  }
  const [a, b] = [still.colour, live.colour].map((colour) =>
    (colour.match(/\d+/g) ?? []).slice(0, 3).map(Number),
  );
  if (a.length !== 3 || a.some((v, i) => Math.abs(v - b[i]) > 3))
    found.push(`${still.kind}: ${still.colour} | ${live.colour}`);
  return found;
}

async function stillOf(figure: Figure): Promise<Drawn> {
  const raw = await page.evaluate((svg) => {
    const still = document.getElementById("still") as HTMLElement;
    still.innerHTML = svg;
    const texts = (from: Element, selector: string) =>
      [...from.querySelectorAll(selector)].map((t) => t.textContent ?? "");
    const number = (from: Element, name: string) => Number(from.getAttribute(name));
    return {
      title: texts(still, ".title").join(""),
      subtitle: texts(still, ".subtitle text").join(""),
      legend: texts(still, ".legend text"),
      panels: [...still.querySelectorAll(".panel")].map((panel) => {
        const plot = panel.querySelector(".plot") as Element;
        const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => number(plot, name));
        const ticks = (selector: string, along: (t: Element) => number) =>
          [...panel.querySelectorAll(selector)].map((t) => [t.textContent ?? "", along(t)] as const);
        return {
          width,
          height,
          shapes: [...plot.querySelectorAll("path")].map((path): Shape => {
            const { fill, stroke, strokeLinecap } = getComputedStyle(path);
            return {
              d: path.getAttribute("d") ?? "",
              fill,
              stroke,
              round: strokeLinecap === "round",
              at: [0, 0],
            };
          }),
          xticks: ticks(
            ".xticks text",
            (t) => (number(t, "x") - x - (t.hasAttribute("transform") ? 4 : 0)) / width,
          ),
          yticks: ticks(".yticks text", (t) => (number(t, "y") - 4 - y) / height),
          labels: [...plot.querySelectorAll(".labels text")].map((label) => {
            const [box, frame] = [label, still].map((of) => of.getBoundingClientRect());
            return [
              label.textContent ?? "",
              ((box.left + box.right) / 2 - frame.left - x) / width,
              ((box.top + box.bottom) / 2 - frame.top - y) / height,
            ] as const;
          }),
          xtitle: texts(panel, ".xtitle text").join(""),
          ytitle: texts(panel, ".ytitle text").join(""),
        };
      }),
    };
  }, figure.toSvg());
  const filled = figure.data.some(({ type }) => type === "heatmap") ? "cell" : "bar";
  return {
    ...raw,
    panels: raw.panels.map((p) => ({ ...p, marks: marksIn(p.shapes, p.width, p.height, filled) })),
  };
}

async function liveOf(figure: Figure): Promise<Drawn> {
  const raw = await page.evaluate(drawLive, JSON.stringify(figure));
  return {
    ...raw,
    panels: raw.panels.map((p) => ({
      ...p,
      marks: [...marksIn(p.shapes, p.width, p.height, "bar"), ...p.cells],
    })),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: plotly's own records, inside the page
type Inside = any;

/** Runs in the page: draws a figure with plotly and says what stands there. */
async function drawLive(json: string) {
  const figure = JSON.parse(json) as { data: Inside[]; layout: Inside; config: Inside };
  const live = document.getElementById("live") as Inside;
  (window as Inside).Plotly.purge(live);
  await (window as Inside).Plotly.newPlot(live, figure.data, { ...figure.layout, width: 760 }, figure.config);
  const full = live._fullLayout;
  const texts = (from: Element, selector: string) =>
    [...from.querySelectorAll(selector)].map((t) => t.textContent ?? "");
  const ticksOf = (axis: Inside) =>
    axis.showticklabels === false
      ? []
      : axis._vals
          .filter((tick: Inside) => tick.text !== "" && !tick.minor)
          .map((tick: Inside) => [
            Object.assign(document.createElement("p"), { innerHTML: tick.text }).textContent,
            axis.l2p(tick.x) / axis._length,
          ]);
  const cellsOf = async (image: SVGImageElement, data: Inside, x: Inside, y: Inside) => {
    const picture = Object.assign(new Image(), { src: image.href.baseVal });
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"), {
      width: picture.width,
      height: picture.height,
    });
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    context.drawImage(picture, 0, 0);
    const [left, top] = ["x", "y"].map((name) => Number(image.getAttribute(name)));
    const [across, down] = ["width", "height"].map((name) => Number(image.getAttribute(name)));
    const colourAt = (px: number, py: number) => {
      const [a, b] = [((px - left) / across) * picture.width, ((py - top) / down) * picture.height];
      return [...context.getImageData(Math.floor(a), Math.floor(b), 1, 1).data];
    };
    const edges = (centres: number[], c: number) => {
      const before = c > 0 ? centres[c] - centres[c - 1] : centres[c + 1] - centres[c];
      const next = c + 1 < centres.length ? centres[c + 1] - centres[c] : before;
      return [centres[c] - before / 2, centres[c] + next / 2].sort((p, q) => p - q);
    };
    // Walks from the middle of a cell to where its colour ends.
    const end = (px: number, py: number, dx: number, dy: number, most: number) => {
      const start = colourAt(px, py).join();
      let step = 0;
      while (step < most && colourAt(px + (step + 1) * dx, py + (step + 1) * dy).join() === start) step++;
      return Math.min(step + 0.5, most);
    };
    const xs = data.x.map((v: Inside) => x.l2p(x.d2l(v)));
    const ys = data.y.map((v: Inside) => y.l2p(y.d2l(v)));
    return data.z.flatMap((row: Inside[], r: number) =>
      row.flatMap((value, c) => {
        const [x0, x1] = edges(xs, c);
        const [y0, y1] = edges(ys, r);
        const [px, py] = [(x0 + x1) / 2, (y0 + y1) / 2];
        const [red, green, blue, alpha] = colourAt(px, py);
        if (value === null) return alpha === 0 ? [] : [{ kind: "cell", colour: "not blank", points: [] }];
        const [wide, high] = [(x1 - x0) / 2, (y1 - y0) / 2];
        const [from, to] = [px - end(px, py, -1, 0, wide), px + end(px, py, 1, 0, wide)];
        const [upper, lower] = [py - end(px, py, 0, -1, high), py + end(px, py, 0, 1, high)];
        return [
          {
            kind: "cell",
            colour: `rgb(${red}, ${green}, ${blue})`,
            points: [
              [from / x._length, upper / y._length],
              [to / x._length, lower / y._length],
            ],
          },
        ];
      }),
    );
  };
  const panels = [];
  for (const [k, suffix] of ["", "2", "3"].entries()) {
    const [x, y] = [full[`xaxis${suffix}`], full[`yaxis${suffix}`]];
    if (x === undefined) continue;
    const plot = live.querySelector(`.subplot.x${suffix}y${suffix}`) as Element;
    const shape = (path: Element, kind: "line" | "dot" | "bar"): Shape => {
      const { fill, stroke } = getComputedStyle(path);
      const [, a = 0, b = 0] =
        /translate\(([-\d.e]+),([-\d.e]+)\)/.exec(path.getAttribute("transform") ?? "") ?? [];
      return {
        d: kind === "dot" ? "M0,0" : (path.getAttribute("d") ?? ""),
        fill: kind === "line" ? "none" : fill,
        stroke: kind === "dot" ? fill : stroke,
        round: kind === "dot",
        at: [Number(a), Number(b)],
      };
    };
    const shapes = [...plot.querySelectorAll(".scatterlayer .trace, .barlayer .trace")].flatMap((trace) => [
      ...[...trace.querySelectorAll("path.js-line")].map((path) => shape(path, "line")),
      ...[...trace.querySelectorAll(".points > path.point")].map((path) => shape(path, "dot")),
      ...[...trace.querySelectorAll(".points > .point > path")].map((path) => shape(path, "bar")),
    ]);
    const cells: Mark[] = [];
    for (const image of plot.querySelectorAll(".hm image")) {
      cells.push(...(await cellsOf(image as SVGImageElement, figure.data[k], x, y)));
    }
    panels.push({
      width: x._length as number,
      height: y._length as number,
      shapes,
      cells,
      labels: [...plot.querySelectorAll(".textpoint text")].map((label) => {
        const [box, frame] = [label, live as Element].map((of) => of.getBoundingClientRect());
        const across = (box.left + box.right) / 2 - frame.left - x._offset;
        const down = (box.top + box.bottom) / 2 - frame.top - y._offset;
        return [label.textContent ?? "", across / x._length, down / y._length] as [string, number, number];
      }),
      xticks: ticksOf(x) as [string, number][],
      yticks: ticksOf(y) as [string, number][],
      xtitle: texts(live, `.g-x${suffix}title text`).join(""),
      ytitle: texts(live, `.g-y${suffix}title text`).join(""),
    });
  }
  return {
    title: texts(live, ".gtitle").join(""),
    subtitle: texts(live, ".gtitle-subtitle").join(""),
    legend: texts(live, ".legendtext"),
    panels,
  };
}
