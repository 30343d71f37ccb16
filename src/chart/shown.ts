import { shortText } from "./escape";
import type { Axis, Layout, Trace } from "./figure";
import { Reducer } from "./reduce";
import { noted } from "./theme";
import { scriptSafe } from "./upgrade";

/** The bytes that the data and layout of one figure may take where they are shown, as JSON in a page. */
export const byteBudget = 100_000;

/**
 * The bytes that one figure may take in a notebook: twice its JSON, the still picture in base64, and the line of text.
 * The HTML repeats the JSON because it is all that pages have that run scripts but know no plotly MIME type: what
 * nbconvert writes, other front ends, and results whose table and charts are one HTML output.
 */
export const bundleBudget = 400_000;

/** What is shown of a figure. */
export interface Shown {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  /** What was left out, as the figure says it; empty where all is drawn. */
  readonly note: string;
}

/** A figure as it is shown: whole where it fits its budget, else thinned, with a note that says so. */
export function shownOf({ data, layout }: { data: readonly Trace[]; layout: Layout }): Shown {
  const reducer = new Reducer(data, layout);
  if (reducer.small && bytesOf(data, layout) <= byteBudget) return { data, layout, note: "" };
  for (let share = 1; share > 1e-3; ) {
    const { data: kept, layout: bare, note } = reducer.at(share);
    const told = note === "" ? bare : noted(bare, note);
    const bytes = bytesOf(kept, told);
    if (bytes <= byteBudget) return { data: kept, layout: told, note };
    share *= Math.min(0.9, (0.95 * byteBudget) / bytes);
  }
  return refused(layout);
}

/** What stands in place of a figure whose names and texts alone are too long. */
function refused(layout: Layout): Shown {
  const note = `not drawn: its names and texts take more than ${byteBudget.toLocaleString("en")} bytes`;
  const axis: Axis = {
    type: "linear",
    range: [0, 1],
    showticklabels: false,
    showgrid: false,
    zeroline: false,
  };
  const bare: Layout = {
    title: { ...layout.title, text: shortText(layout.title.text, 80), subtitle: { text: "" } },
    height: 200,
    xaxis: axis,
    yaxis: axis,
    showlegend: false,
    paper_bgcolor: layout.paper_bgcolor,
    plot_bgcolor: layout.plot_bgcolor,
  };
  return { data: [], layout: noted(bare, note), note };
}

function bytesOf(data: readonly Trace[], layout: Layout): number {
  return Buffer.byteLength(scriptSafe({ data, layout }));
}
