/** A mark as it was drawn, its points relative to the plot area: 0 to 1 to the right and down. */
export interface Mark {
  readonly kind: "line" | "dot" | "bar" | "cell";
  readonly colour: string;
  readonly points: readonly (readonly [number, number])[];
}

/** What is drawn in one panel. */
export interface DrawnPanel {
  readonly marks: readonly Mark[];
  /** Labels of ticks, and where they stand along their axis, from 0 to 1. */
  readonly xticks: readonly (readonly [string, number])[];
  readonly yticks: readonly (readonly [string, number])[];
  /** Texts among the marks, and where their middles lie, relative to the plot area. */
  readonly labels: readonly (readonly [string, number, number])[];
  readonly xtitle: string;
  readonly ytitle: string;
}

/** What is drawn of a figure. */
export interface Drawn {
  readonly title: string;
  readonly subtitle: string;
  readonly legend: readonly string[];
  readonly panels: readonly DrawnPanel[];
}

/** A point of the plane, and the corners of shapes. */
type Point = readonly [number, number];

/** The points of each part of a path of straight lines, absolute or relative. */
export function pointsOf(d: string): Point[][] {
  const parts: Point[][] = [];
  let [x, y] = [0, 0];
  for (const [, letter, rest] of d.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const numbers = (rest.match(/-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/g) ?? []).map(Number);
    const relative = letter === letter.toLowerCase();
    const kind = letter.toLowerCase();
    if (kind === "z") [x, y] = parts[parts.length - 1][0];
    for (let i = 0; i < numbers.length; i += kind === "h" || kind === "v" ? 1 : 2) {
      const [a, b] = numbers.slice(i);
      if (kind === "h") x = relative ? x + a : a;
      else if (kind === "v") y = relative ? y + a : a;
      else [x, y] = relative ? [x + a, y + b] : [a, b];
      if (kind === "m" && i === 0) parts.push([]);
      parts[parts.length - 1].push([x, y]);
    }
  }
  return parts;
}

/** A shape of the page, as the browser sees it. */
export interface Shape {
  readonly d: string;
  readonly fill: string;
  readonly stroke: string;
  readonly round: boolean;
  /** Where it was moved to. */
  readonly at: Point;
}

/** The marks of shapes in a plot area of that size. */
export function marksIn(
  shapes: readonly Shape[],
  width: number,
  height: number,
  filled: "bar" | "cell",
): Mark[] {
  return shapes.flatMap((shape) =>
    pointsOf(shape.d).flatMap((part): Mark[] => {
      const points = part.map(([x, y]) => [(x + shape.at[0]) / width, (y + shape.at[1]) / height] as const);
      if (shape.round) return [{ kind: "dot", colour: shape.stroke, points: points.slice(0, 1) }];
      if (shape.fill === "none") return [{ kind: "line", colour: shape.stroke, points }];
      const box = boxOf(points);
      return thin(box) ? [] : [{ kind: filled, colour: shape.fill, points: box }];
    }),
  );
}

/** The corners of a rectangle, within the plot area. */
export function boxOf(points: readonly Point[]): Point[] {
  const within = (v: number) => Math.min(Math.max(v, 0), 1);
  const [xs, ys] = [points.map(([x]) => within(x)), points.map(([, y]) => within(y))];
  return [
    [Math.min(...xs), Math.min(...ys)],
    [Math.max(...xs), Math.max(...ys)],
  ];
}

/** Less than half a pixel, which a picture in tenths of a pixel may leave out. */
function thin([[left, top], [right, bottom]]: readonly Point[]): boolean {
  return right - left < 5e-4 || bottom - top < 5e-4;
}

/** How far the points of one line lie from another line at most, both relative to the plot area. */
export function distance(from: readonly Point[], to: readonly Point[]): number {
  return Math.max(
    ...from.map((point) => Math.min(...to.map((_, i) => toSegment(point, to[Math.max(i - 1, 0)], to[i])))),
  );
}

function toSegment([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const long = dx * dx + dy * dy;
  const t = long === 0 ? 0 : Math.min(Math.max(((x - x1) * dx + (y - y1) * dy) / long, 0), 1);
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}
