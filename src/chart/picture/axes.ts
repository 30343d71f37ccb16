import { plainLabel, shortText } from "../escape";
import type { Axis } from "../figure";
import { px } from "./path";
import type { Box } from "./picture";
import { type Scale, scaleOf } from "./scale";
import { fitting, text, widthOf } from "./text";

const longestName = 28;
const slanted = 20;
const slope = Math.sin((35 / 180) * Math.PI);

/** The labels and titles of the axes of a panel. */
export function axisTexts(xaxis: Axis, yaxis: Axis, x: Scale, y: Scale, box: Box): string {
  const { from, to, top, bottom } = box;
  const middle = (top + bottom) / 2;
  const side =
    from -
    leftMargin(
      yaxis,
      y.ticks.map(({ label }) => label),
    ) +
    16;
  const deep = labelDepth(xaxis, x, to - from);
  const beside = yaxis.showticklabels === false ? [] : y.ticks;
  const labels = xaxis.showticklabels === false ? [] : below(x, box, deep > 16);
  const names = beside.map(({ at, label }) => text(from - 8, top + at + 4, shortText(label, longestName)));
  const under = fitting(xaxis.title?.text ?? "", to - from + 40);
  const aside = fitting(yaxis.title?.text ?? "", bottom - top + 30);
  const upright = `transform="rotate(-90 ${px(side)} ${px(middle)})"`;
  return (
    group("xticks", "middle", labels) +
    group("yticks", "end", names) +
    group("xtitle", "middle", [text((from + to) / 2, bottom + deep + 26, under)]) +
    group("ytitle", "middle", [text(side, middle, aside, upright)])
  );
}

function group(name: string, anchor: "middle" | "end", texts: readonly string[]): string {
  const content = texts.join("");
  return content === "" ? "" : `<g class="${name}" text-anchor="${anchor}">${content}</g>`;
}

function below({ ticks }: Scale, { from, bottom }: Box, slant: boolean): string[] {
  let free = Number.NEGATIVE_INFINITY;
  const rising = [...ticks].sort((a, b) => a.at - b.at);
  return rising.map(({ at, label }) => {
    const x = from + at;
    if (slant) {
      const turned = `text-anchor="end" transform="rotate(-35 ${px(x + 4)} ${px(bottom + 16)})"`;
      return text(x + 4, bottom + 16, shortText(label, slanted), turned);
    }
    const half = widthOf(label) / 2;
    if (x - half < free) return "";
    free = x + half + 6;
    return text(x, bottom + 18, label);
  });
}

/** How far below the axis its labels reach: names that have no room beside each other are slanted. */
function labelDepth(axis: Axis, { ticks }: Scale, width: number): number {
  if (axis.showticklabels === false) return 0;
  if (axis.type !== "category") return 16;
  const labels = ticks.map(({ label }) => label);
  const room = width / Math.max(ticks.length, 1) - 8;
  if (labels.every((label) => widthOf(label) <= room)) return 16;
  return 16 + slope * Math.max(...labels.map((label) => widthOf(shortText(label, slanted))));
}

/** The room that the labels and the title of an x axis need. */
export function bottomMargin(axis: Axis, names: ReadonlyMap<string, number>, width: number): number {
  return labelDepth(axis, scaleOf(axis, names, 0, width), width) + (axis.title === undefined ? 14 : 40);
}

/** The room that the labels and the title of a y axis need. */
export function leftMargin(axis: Axis, labels: readonly string[]): number {
  const names = axis.type === "category" ? (axis.ticktext ?? labels) : labels;
  const shown = names.map((name) => 1.1 * widthOf(shortText(plainLabel(name), longestName)));
  const least = axis.type === "category" ? 8 : 44;
  const widest = axis.showticklabels === false ? 0 : shown.reduce((a, b) => Math.max(a, b), least);
  return 20 + widest + (axis.title === undefined ? 0 : 22);
}
