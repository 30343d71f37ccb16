import type { Page } from "playwright-core";
import type { Figure } from "../../src/chart/figure";
import { type Drawn, type Mark, marksIn, type Shape } from "./drawn";

/** What plotly shows of a figure in the page. */
export async function liveOf(page: Page, figure: Figure): Promise<Drawn> {
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
