import type { Trace } from "./figure";
import { grouped } from "./format";

/**
 * Places for labels that want to stand at `wanted`, at least `gap` apart within `low` and `high`, moved as little as
 * that takes in the sum of squares (isotonic regression of the places less their gaps).
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const blocks: { sum: number; count: number }[] = [];
  order.forEach((i, rank) => {
    blocks.push({ sum: wanted[i] - rank * gap, count: 1 });
    for (let k = blocks.length - 1; k > 0; k--) {
      const [before, last] = [blocks[k - 1], blocks[k]];
      if (before.sum / before.count <= last.sum / last.count) break;
      blocks.splice(k - 1, 2, { sum: before.sum + last.sum, count: before.count + last.count });
    }
  });
  const most = Math.max(high - (wanted.length - 1) * gap, low);
  const places = new Array<number>(wanted.length);
  let rank = 0;
  for (const { sum, count } of blocks) {
    const at = Math.min(Math.max(sum / count, low), most);
    for (let k = 0; k < count; k++) places[order[rank]] = at + rank++ * gap;
  }
  return places;
}

/** A space that keeps a text off the point that it stands beside, since plotly leaves none. */
export const noBreak = "\u00a0";

/** The value at the end `from` of a logarithmic range, so far inside that rounding does not take it out. */
export function inside(from: number, to: number): number {
  return 10 ** (from + 0.001 * (to - from));
}

/** One place of a row of counts. */
interface CountAt {
  readonly lambda: number;
  readonly nonzeros: number;
}

const mostCounts = 7;

/**
 * A row of numbers of nonzero weights above a panel, whose first end is `from` in powers of ten; none where all are
 * the same.
 */
export function countRow(
  counts: readonly CountAt[],
  [from, to]: readonly [number, number],
  top: number,
  axes: Pick<Trace, "xaxis" | "yaxis">,
): readonly Trace[] {
  if (new Set(counts.map(({ nonzeros }) => nonzeros)).size < 2) return [];
  const apart = Math.abs(to - from) / mostCounts;
  const shown: CountAt[] = [];
  for (const count of [...counts].sort((a, b) => b.lambda - a.lambda)) {
    const last = shown.at(-1);
    const step = last === undefined ? apart : Math.log10(last.lambda / count.lambda);
    if (step >= apart * 0.999) shown.push(count);
  }
  const end = counts.reduce((least, count) => (count.lambda < least.lambda ? count : least));
  // The densest is worth more than the one before it.
  if (shown[shown.length - 1] !== end) {
    if (shown.length > 1 && Math.log10(shown[shown.length - 1].lambda / end.lambda) < apart / 2) shown.pop();
    shown.push(end);
  }
  const row = {
    type: "scatter",
    mode: "text",
    showlegend: false,
    hoverinfo: "skip",
    cliponaxis: false,
  } as const;
  return [
    {
      ...row,
      ...axes,
      x: shown.map(({ lambda }) => lambda),
      y: shown.map(() => top),
      text: shown.map(({ nonzeros }) => grouped(nonzeros)),
      textposition: "top center",
      textfont: { size: 11 },
    },
    {
      ...row,
      ...axes,
      x: [inside(from, to)],
      y: [top],
      text: [`nonzeros${noBreak}`],
      textposition: "top left",
      textfont: { size: 11 },
    },
  ];
}
