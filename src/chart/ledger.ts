import { escapeLabel, plainLabel } from "./escape";
import { Figure } from "./figure";
import { bytes, percent } from "./format";
import { axisOf, categoryAxis, layoutOf, palette } from "./theme";

/** One section of a packed file, as a byte ledger lists it. */
export interface LedgerSection {
  readonly name: string;
  readonly bytes: number;
}

/** Where each byte of a packed model went. */
export function ledgerChart(ledger: { readonly sections: readonly LedgerSection[] }): Figure {
  const sections = ledger.sections.filter((section) => section.bytes > 0);
  const names = sections.map((section) => escapeLabel(section.name));
  const sizes = sections.map((section) => section.bytes);
  const total = sizes.reduce((a, b) => a + b, 0);
  const most = sizes.reduce((a, b) => Math.max(a, b), 1);
  const largest = sections.find((section) => section.bytes === most);
  const subtitle =
    largest === undefined
      ? "empty"
      : `${bytes(total)} in all, ${percent(most / total)} of it ${escapeLabel(largest.name)}`;
  return new Figure({
    data: [
      {
        type: "bar",
        orientation: "h",
        x: sizes,
        y: names,
        text: sizes.map(bytes),
        textposition: "outside",
        cliponaxis: false,
        marker: { color: palette[0] },
        hovertemplate: "%{y}: %{x:,} bytes<extra></extra>",
      },
    ],
    layout: layoutOf({
      title: "Where the bytes went",
      subtitle,
      height: Math.min(170 + 34 * names.length, 2_000),
      bargap: 0.35,
      axes: {
        xaxis: axisOf("Bytes", "linear", [0, most * 1.18]),
        yaxis: categoryAxis("", [...names].reverse()),
      },
    }),
    summary: plainLabel(`Where the bytes went: ${subtitle}`),
  });
}
