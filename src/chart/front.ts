import { checkShape } from "../base/shape";
import type { CompressedPoint, Compression } from "../compress/compression";
import { escapeLabel, shortLabel } from "./escape";
import { Figure, type Trace } from "./figure";
import { bytes, counted, grouped, percent, significant } from "./format";
import { axisOf, layoutOf, linearRange, logRange, palette, percentFormat } from "./theme";

/** Another tool's file, to be drawn beside the front. */
export interface FrontPeer {
  /** Whose file it is. */
  readonly name: string;
  /** The size of the file. */
  readonly bytes: number;
  /** Its log-loss on the same rows. */
  readonly logLoss: number;
  /** Its accuracy on the same rows. */
  readonly accuracy: number;
}

type Front = Pick<Compression, "front" | "points" | "chosen" | "baseline" | "met">;
type Panel = "" | "2";

/**
 * Bytes against log-loss to the left and accuracy to the right, by cross-validation: every model found, the front of those
 * that no other beats, the chosen one, and the level of the uncompressed model as a dotted line. Pointing at a model tells
 * its settings, and what all rows of a table say of it where a sample of them was searched.
 * @param peers files of other tools, judged on rows of the same kind
 */
export function frontChart(found: Front, peers: readonly FrontPeer[] = []): Figure {
  checkShape(found, "compression", "what await compress(model, data, budget) returns", {
    front: "list",
    points: "list",
    chosen: "object",
    baseline: "object",
  });
  const { front, points, chosen, baseline, met } = found;
  const all = [...points, ...peers].map((p) => p.bytes);
  const range = logRange(all);
  const losses = (p: CompressedPoint) => p.crossValidated.logLoss;
  const accuracies = (p: CompressedPoint) => p.crossValidated.accuracy;
  const panel = (
    axes: Panel,
    of: (p: CompressedPoint) => number,
    peerOf: (p: FrontPeer) => number,
  ): Trace[] => [
    level(range, axes === "" ? baseline.logLoss : baseline.accuracy, axes),
    ...(points.length > front.length
      ? [cloud("all found", points, of, axes, 5, palette[7 % palette.length], 0.7)]
      : []),
    edge(front, of, axes === "" ? 1 : -1, axes),
    cloud("front", front, of, axes, 7, palette[0], 1),
    cloud("chosen", [chosen], of, axes, 14, palette[1], 1),
    ...peers.map((peer, i) => peerOfPanel(peer, peerOf(peer), axes, palette[(i + 3) % palette.length])),
  ];
  const subtitle =
    `${bytes(chosen.bytes)} chosen${met ? "" : ", beyond the budget"}, ` +
    `${significant(baseline.bytes / chosen.bytes, 3)} times fewer than ${bytes(baseline.bytes)} as floats · ` +
    `${grouped(front.length)} of ${grouped(points.length)} models on the front`;
  const ys = (of: (p: CompressedPoint) => number, base: number, others: readonly number[]) =>
    linearRange([...points.map(of), base, ...others]);
  const shares = ys(
    accuracies,
    baseline.accuracy,
    peers.map((p) => p.accuracy),
  );
  // Half a figure has no room for more labels; a narrow range may hold no power of ten.
  const span = range[1] - range[0];
  const ticks = span < 0.8 ? { tickvals: fewBetween(range) } : ({ dtick: span < 1.2 ? "D2" : 1 } as const);
  return new Figure({
    data: [...panel("", losses, (p) => p.logLoss), ...panel("2", accuracies, (p) => p.accuracy)],
    layout: layoutOf({
      title: "Size against quality",
      subtitle,
      height: 420,
      legend: "below",
      axes: {
        xaxis: axisOf("Bytes (log scale)", "log", range, { domain: [0, 0.43], ...ticks }),
        yaxis: axisOf(
          "Log-loss (nats a row)",
          "linear",
          ys(
            losses,
            baseline.logLoss,
            peers.map((p) => p.logLoss),
          ),
        ),
        xaxis2: axisOf("Bytes (log scale)", "log", range, { domain: [0.57, 1], anchor: "y2", ...ticks }),
        yaxis2: axisOf("Accuracy", "linear", shares, { anchor: "x2", ...percentFormat(shares) }),
      },
    }),
    summary: `Size against quality: ${subtitle.replace(" · ", "; ")}`,
  });
}

/** Round numbers of bytes in equal steps, three or so, on a short stretch of a logarithmic axis. */
function fewBetween([low, high]: readonly [number, number]): number[] {
  const [least, most] = [10 ** low, 10 ** high];
  const rough = (most - least) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(power * ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10), 1);
  const first = Math.ceil(least / step);
  return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** A line through those models that are better in one measure than all smaller ones; on the front others are by the other measure. */
function edge(
  front: readonly CompressedPoint[],
  of: (p: CompressedPoint) => number,
  sign: number,
  axes: Panel,
): Trace {
  const order = [...front].sort((a, b) => a.bytes - b.bytes || sign * (of(a) - of(b)));
  let best = Number.POSITIVE_INFINITY;
  const better = order.filter((p) => {
    const gained = sign * of(p) < best;
    if (gained) best = sign * of(p);
    return gained;
  });
  return {
    type: "scatter",
    mode: "lines",
    name: "edge of the front",
    x: better.map((p) => p.bytes),
    y: better.map(of),
    line: { color: palette[0], width: 2 },
    xaxis: `x${axes}`,
    yaxis: `y${axes}`,
    showlegend: false,
    hoverinfo: "skip",
  };
}

function cloud(
  name: string,
  points: readonly CompressedPoint[],
  of: (p: CompressedPoint) => number,
  axes: Panel,
  size: number,
  color: string,
  opacity: number,
): Trace {
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: points.map((p) => p.bytes),
    y: points.map(of),
    text: points.map(settings),
    marker: { color, size },
    opacity,
    xaxis: `x${axes}`,
    yaxis: `y${axes}`,
    showlegend: axes === "",
    hovertemplate: `%{x:,} bytes<br>${axes === "" ? "log-loss %{y:.4g}" : "accuracy %{y:.2%}"}<br>%{text}<extra></extra>`,
  };
}

function settings(p: CompressedPoint): string {
  const input = p.input === "" ? "" : `, ${shortLabel(escapeLabel(p.input), 30)}`;
  return (
    `${counted(p.nonzeros, "weight")}, ${counted(p.levels, "level")}${input}<br>lambda ${significant(p.lambda, 2)}, ` +
    `mu ${significant(p.mu, 2)}, from ${escapeLabel(p.start)}${byAllRows(p)}`
  );
}

function byAllRows({ allRows }: CompressedPoint): string {
  if (allRows === undefined) return "";
  const { rows, logLoss, accuracy } = allRows;
  return `<br>by all ${grouped(rows)} rows: log-loss ${significant(logLoss)}, accuracy ${percent(accuracy)}`;
}

function level([low, high]: readonly [number, number], y: number, axes: Panel): Trace {
  return {
    type: "scatter",
    mode: "lines",
    name: "uncompressed",
    x: [10 ** low, 10 ** high],
    y: [y, y],
    line: { color: palette[2], width: 1.5, dash: "dot" },
    xaxis: `x${axes}`,
    yaxis: `y${axes}`,
    showlegend: axes === "",
    hovertemplate: `uncompressed<br>${axes === "" ? "log-loss %{y:.4g}" : "accuracy %{y:.2%}"}<extra></extra>`,
  };
}

function peerOfPanel(peer: FrontPeer, y: number, axes: Panel, color: string): Trace {
  const name = shortLabel(escapeLabel(peer.name), 40);
  const shown = axes === "" ? significant(y) : percent(y);
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: [peer.bytes],
    y: [y],
    marker: { color, size: 10 },
    xaxis: `x${axes}`,
    yaxis: `y${axes}`,
    showlegend: axes === "",
    hovertemplate: `${name}<br>%{x:,} bytes<br>${shown}<extra></extra>`,
  };
}
