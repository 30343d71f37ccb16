import type { Page } from "playwright-core";
import type { Figure } from "../../src/chart/figure";
import { type Drawn, marksIn, type Shape } from "./drawn";

/** What the still picture of a figure shows, drawn by the page. */
export async function stillOf(page: Page, figure: Figure): Promise<Drawn> {
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
