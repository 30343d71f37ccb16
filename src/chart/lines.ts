import { checkKeys, checkLength } from "../base/check";
import { checkShape, checkText } from "../base/shape";
import { Figure, type Trace } from "./figure";
import { axisOf, layoutOf, linearRange, logRange, palette } from "./theme";
import { rounded } from "./thin";

/** A line of {@link linesChart}. */
export interface Line {
  /** Where points are across. */
  readonly x: ArrayLike<number>;
  /** As many numbers; what is not finite is a gap. */
  readonly y: ArrayLike<number>;
  /** Whether points are joined. Default `line`. */
  readonly as?: "line" | "points";
}

/** The words and the axes of {@link linesChart}. */
export interface LinesOptions {
  /** What the chart is of. */
  readonly title: string;
  /** The line below it. Default: none. */
  readonly subtitle?: string;
  /** What is along the axis, with its unit. */
  readonly x: string;
  /** What is up the axis, with its unit. */
  readonly y: string;
  /** Whether the vertical axis is logarithmic; what is not above zero is a gap. Default false. */
  readonly log?: boolean;
}

const height = 400;

/**
 * Named lines in one pair of axes, for whatever has no chart of its own.
 * @throws `length-mismatch` for a line of unequal lengths; `unknown-option`
 */
export function linesChart(lines: Readonly<Record<string, Line>>, options: LinesOptions): Figure {
  checkKeys(options, ["title", "subtitle", "x", "y", "log"], "linesChart");
  checkShape(lines, "lines", "{ name: { x, y } }", {});
  const { title, subtitle, log = false } = options;
  if (subtitle !== undefined) checkText(subtitle, "subtitle");
  const data = Object.entries(lines).map(([name, line], i): Trace => {
    checkShape(line, `line ${name}`, "{ x, y }", { x: "list", y: "list" });
    checkLength(line.y.length, line.x.length, `numbers of the line ${name}`);
    const color = palette[i % palette.length];
    return {
      type: "scatter",
      mode: line.as === "points" ? "markers" : "lines",
      name,
      x: Array.from(line.x, rounded),
      y: Array.from(line.y, (y) => (Number.isFinite(y) && (!log || y > 0) ? rounded(y) : null)),
      line: { color, width: 2 },
      marker: { color, size: 7 },
      hovertemplate: `${name}<br>%{x:.4g}, %{y:.4g}<extra></extra>`,
    };
  });
  const numbers = (axis: "x" | "y") => data.flatMap((trace) => trace[axis].filter(isNumber));
  const range = linearRange(numbers("x"), 0.03);
  const whole = numbers("x").every(Number.isInteger) && range[1] - range[0] < 8 ? { dtick: 1 } : {};
  return new Figure({
    data,
    layout: layoutOf({
      title,
      ...(subtitle === undefined ? {} : { subtitle }),
      height,
      legend: data.length > 1,
      axes: {
        xaxis: axisOf(options.x, "linear", range, whole),
        yaxis: log
          ? axisOf(onLogScale(options.y), "log", logRange(numbers("y")))
          : axisOf(options.y, "linear", linearRange(numbers("y"))),
      },
    }),
    summary: [title, subtitle, Object.keys(lines).join(", ")].filter(Boolean).join(": "),
  });
}

/** The title of an axis with a word on its scale, in the brackets of the unit where it has one. */
function onLogScale(title: string): string {
  return title.endsWith(")") ? `${title.slice(0, -1)}, log scale)` : `${title} (log scale)`;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
