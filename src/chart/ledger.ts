import { checkShape } from "../base/shape";
import { escapeLabel, plainLabel } from "./escape";
import { Figure } from "./figure";
import { bytes, percent, significant } from "./format";
import { axisOf, categoryAxis, layoutOf, palette } from "./theme";

/** How many spaces (U+2002) of a label are as wide as the chart, not less. */
const spacesAcross = 130;

/** One section of a packed file, as a byte ledger lists it. */
export interface LedgerSection {
  /** Which part of the file. */
  readonly name: string;
  /** What it takes, in whole bytes. */
  readonly bytes: number;
  /** What it takes, fractions included, where that is known; what bounds are held against. */
  readonly bits?: number;
}

/** What a byte ledger says. */
export interface LedgerShown {
  /** The parts, in the order of the file. */
  readonly sections: readonly LedgerSection[];
  /** The entropy bounds of positions and codes, in bytes. */
  readonly bound?: { readonly positions: number; readonly codes: number };
}

/**
 * Where each byte of a packed model went; marks show what no coder can go below that takes positions for random and codes
 * for independent.
 */
export function ledgerChart(ledger: LedgerShown): Figure {
  checkShape(ledger, "ledger", "what ledger(bytes) returns", { sections: "list" });
  const sections = ledger.sections.filter((section) => section.bytes > 0);
  const names = sections.map((section) => escapeLabel(section.name));
  const sizes = sections.map((section) => section.bytes);
  const total = sizes.reduce((a, b) => a + b, 0);
  const most = sizes.reduce((a, b) => Math.max(a, b), 1);
  const largest = sections.find((section) => section.bytes === most);
  const bounds = boundsOf(ledger);
  const shown = bounds.reduce((sum, { size }) => sum + size, 0);
  const distance = shown - bounds.reduce((sum, { bound }) => sum + bound, 0);
  const against =
    bounds.length === 0
      ? ""
      : ` · ${bounds.map(({ name }) => name).join(" and ")} ${significant(Math.abs(distance), 3)} B ${distance < 0 ? "below" : "above"} the bound`;
  const widest = Math.max(most, ...bounds.map(({ bound }) => bound)) * 1.18;
  /** Spaces before a label, for the mark of a bound, which lies at the end of its bar or beyond it. */
  const roomFor = (name: string, size: number) => {
    const bound = bounds.find((one) => one.name === name)?.bound ?? 0;
    return "\u2002".repeat(1 + Math.ceil((Math.max(0, bound - size) / widest) * spacesAcross));
  };
  const subtitle =
    largest === undefined
      ? "empty"
      : `${bytes(total)} in all, ${percent(most / total)} of it ${escapeLabel(largest.name)}${against}`;
  return new Figure({
    data: [
      {
        type: "bar",
        orientation: "h",
        x: sizes,
        y: names,
        text: sections.map(({ name, bytes: size }) => `${roomFor(name, size)}${bytes(size)}`),
        textposition: "outside",
        cliponaxis: false,
        marker: { color: palette[0] },
        hovertemplate: "%{y}: %{x:,} bytes<extra></extra>",
      },
      ...(bounds.length === 0
        ? []
        : [
            {
              type: "scatter" as const,
              mode: "markers" as const,
              x: bounds.map(({ bound }) => bound),
              y: bounds.map(({ name }) => name),
              marker: { color: palette[1], size: 10 },
              hovertemplate: "entropy bound of %{y}: %{x:,.1f} bytes<extra></extra>",
            },
          ]),
    ],
    layout: layoutOf({
      title: "Where the bytes went",
      subtitle,
      height: Math.min(170 + 34 * names.length, 2_000),
      bargap: 0.35,
      axes: {
        xaxis: axisOf(bounds.length === 0 ? "Bytes" : "Bytes; mark: entropy bound", "linear", [0, widest]),
        yaxis: categoryAxis("", [...names].reverse()),
      },
    }),
    summary: plainLabel(`Where the bytes went: ${subtitle}`).replace(" · ", ", "),
  });
}

/** The sections with bytes that have a bound; the values of models that are not quantized have that of codes. */
function boundsOf({ sections, bound }: LedgerShown) {
  if (bound === undefined) return [];
  const known = { positions: bound.positions, codes: bound.codes, values: bound.codes };
  return Object.entries(known).flatMap(([name, own]) => {
    const section = sections.find((other) => other.name === name && other.bytes > 0);
    return section === undefined ? [] : [{ name, size: (section.bits ?? 8 * section.bytes) / 8, bound: own }];
  });
}
