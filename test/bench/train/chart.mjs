// The ratios as a picture: one mark a case and gap, right of the line where we are ahead, left of it where behind.
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "./data.mjs";

/** A figure of the results, or undefined where there is no ratio to show. */
export function chartOf(results, mean, { Figure }) {
  const dist = process.env.LOGITPRESS_DIST ?? join(root, "dist");
  const theme = createRequire(import.meta.url)(join(dist, "src", "chart", "theme.js"));
  const compared = results.filter(({ ratio }) => ratio !== null);
  if (compared.length === 0) return undefined;
  const names = [...new Set(compared.map((r) => r.case))].reverse();
  const range = theme.logRange([1, ...compared.flatMap((r) => ends(r))], 0.05);
  const [behind, ahead] = [theme.palette[1], theme.palette[0]];
  const spreads = compared.map((r) => ({
    type: "scatter",
    mode: "lines",
    x: ends(r),
    y: [r.case, r.case],
    line: { color: r.ratio < 1 ? behind : ahead, width: 1.5 },
    opacity: 0.5,
    showlegend: false,
  }));
  const marks = [1e-4, 1e-6].flatMap((target) =>
    [true, false].map((wins) => {
      const part = compared.filter((r) => r.target === target && r.ratio >= 1 === wins);
      return {
        type: "scatter",
        mode: "markers",
        name: `${wins ? "ahead" : "behind"}, gap ${target.toExponential()}`,
        x: part.map((r) => r.ratio),
        y: part.map((r) => r.case),
        text: part.map((r) => `${r.ratio.toPrecision(2)}x of ${r.peers[0].peer}, gap ${target}`),
        marker: { color: wins ? ahead : behind, size: target === 1e-4 ? 8 : 13 },
        hovertemplate: "%{y}: %{text}<extra></extra>",
      };
    }),
  );
  const level = {
    type: "scatter",
    mode: "lines",
    x: [1, 1],
    y: [names[0], names.at(-1)],
    line: { color: theme.ink, width: 1, dash: "dot" },
    showlegend: false,
  };
  const behindCount = compared.filter((r) => r.ratio < 1).length;
  const subtitle =
    `geometric mean ${mean.toPrecision(3)} · ${compared.length - behindCount} ahead, ${behindCount} behind · ` +
    "lines: least to most of the runs; small marks: gap 1e-4, large: 1e-6";
  return new Figure({
    data: [level, ...spreads, ...marks.filter(({ x }) => x.length > 0)],
    layout: theme.layoutOf({
      title: "Training: the best peer's time over ours",
      subtitle,
      height: 220 + 26 * names.length,
      legend: "below",
      axes: {
        xaxis: theme.axisOf("Times as fast as the best peer (log scale)", "log", range),
        yaxis: theme.categoryAxis("", names),
      },
    }),
    summary: `The best peer's time over ours: ${subtitle}`,
  });
}

/** The least and the greatest ratio that the runs allow. */
function ends({ ours, peers: [best] }) {
  return [best.least / ours.most, best.most / ours.least];
}
