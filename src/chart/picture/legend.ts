import { escapeHtml } from "../escape";
import type { Layout, Trace } from "../figure";
import { colourOf } from "./marks";
import { px } from "./path";
import { fitting, text, widthOf } from "./text";

const rowHeight = 20;
const mostRows = 8;

/** The legend of a picture: as many rows as the names need. */
interface Legend {
  readonly svg: string;
  readonly height: number;
  readonly below: boolean;
}

/** Draws the legend in `width` pixels, from its own upper left corner. */
export function legendOf(data: readonly Trace[], layout: Layout, width: number): Legend {
  const below = (layout.legend as { readonly yref?: string } | undefined)?.yref === "container";
  if (!layout.showlegend) return { svg: "", height: 0, below };
  let [x, row] = [0, 0];
  const entries = data.map((trace, place) => {
    if (trace.showlegend === false || trace.name === undefined || row >= mostRows) return "";
    const name = fitting(trace.name, width - 40);
    const wide = 20 + widthOf(name);
    if (x > 0 && x + wide > width) [x, row] = [0, row + 1];
    const at = x;
    const y = row * rowHeight;
    x += wide + 20;
    if (row >= mostRows) return text(0, y + 13, "…");
    const colour = `fill="${escapeHtml(colourOf(trace, place))}"`;
    const opacity = trace.opacity === undefined ? "" : ` fill-opacity="${trace.opacity}"`;
    return `<rect x="${px(at)}" y="${px(y + 4)}" width="14" height="10" ${colour}${opacity}/>${text(at + 20, y + 13, name)}`;
  });
  return { svg: entries.join(""), height: (Math.min(row, mostRows) + 1) * rowHeight + 4, below };
}
