import { type Drawn, type DrawnPanel, distance, type Mark } from "./drawn";

/** What differs: tolerances are two pixels of a plot area of 650 by 260, and what an eye cannot tell of a colour. */
export function differences(still: Drawn, live: Drawn): string[] {
  const found: string[] = [];
  const differ = (what: string, a: unknown, b: unknown) => {
    if (JSON.stringify(a) !== JSON.stringify(b))
      found.push(`${what}: ${JSON.stringify(a)} | ${JSON.stringify(b)}`);
  };
  differ("title", still.title, live.title);
  differ("subtitle", still.subtitle, live.subtitle);
  differ(
    "legend",
    still.legend.filter((name) => !live.legend.includes(name)),
    [],
  );
  if (still.legend.length < Math.min(live.legend.length, 12)) differ("legend", still.legend, live.legend);
  differ("panels", still.panels.length, live.panels.length);
  for (const [k, panel] of still.panels.entries()) found.push(...panelDifferences(panel, live.panels[k]));
  return found.slice(0, 10);
}

function panelDifferences(still: DrawnPanel, live: DrawnPanel): string[] {
  const found: string[] = [];
  if (still.xtitle !== live.xtitle) found.push(`x title: ${still.xtitle} | ${live.xtitle}`);
  if (still.ytitle !== live.ytitle) found.push(`y title: ${still.ytitle} | ${live.ytitle}`);
  for (const side of ["xticks", "yticks"] as const) {
    if (live[side].length > 0 && still[side].length < 2 && live[side].length > 1) found.push(`${side}: none`);
    for (const [label, at] of still[side]) {
      const same = live[side].some(([text, place]) => sameLabel(label, text) && Math.abs(place - at) < 0.012);
      if (!same) found.push(`${side}: ${label} at ${at.toFixed(3)} of ${JSON.stringify(live[side])}`);
    }
  }
  if (still.labels.length !== live.labels.length)
    found.push(`${still.labels.length} | ${live.labels.length} labels`);
  for (const [i, [label, x, y]] of still.labels.entries()) {
    const [text, a, b] = live.labels[i] ?? ["", Number.NaN, Number.NaN];
    if (label === text && Math.abs(x - a) < 0.02 && Math.abs(y - b) < 0.03) continue;
    found.push(`label ${label} at ${x} ${y} | ${text} at ${a} ${b}`);
  }
  for (const kind of ["line", "dot", "bar"] as const) {
    const [ours, theirs] = [still, live].map(({ marks }) => marks.filter((mark) => mark.kind === kind));
    if (ours.length !== theirs.length) found.push(`${ours.length} | ${theirs.length} ${kind}s`);
    else found.push(...ours.flatMap((mark, i) => markDifferences(mark, theirs[i])));
  }
  return [...found, ...cellDifferences(still.marks, live.marks)];
}

/** Each cell of plotly lies in one of ours, which may be a run of equal ones, and ours cover no more. */
function cellDifferences(still: readonly Mark[], live: readonly Mark[]): string[] {
  const [ours, theirs] = [still, live].map((marks) => marks.filter(({ kind }) => kind === "cell"));
  const size = ([[x0, y0], [x1, y1]]: Mark["points"]) => (x1 - x0) * (y1 - y0);
  const [covered, wanted] = [ours, theirs].map((cells) =>
    cells.reduce((sum, { points }) => sum + size(points), 0),
  );
  const found = Math.abs(covered - wanted) < 0.05 ? [] : [`cells cover ${covered} | ${wanted}`];
  for (const cell of theirs) {
    const [[x0, y0], [x1, y1]] = cell.points;
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    const around = ours.filter(({ points: [[a, b], [c, d]] }) => a < x && x < c && b < y && y < d);
    if (around.length !== 1) found.push(`${around.length} cells at ${x} ${y}`);
    for (const { colour, points } of around) {
      const run = size(points) > 1.5 * size(cell.points);
      found.push(...markDifferences({ kind: "cell", colour, points: run ? cell.points : points }, cell));
    }
  }
  return found;
}

/** Equal, or cut: plotly itself cuts nothing. */
function sameLabel(still: string, live: string): boolean {
  return still === live || (still.endsWith("…") && live.startsWith(still.slice(0, -1)));
}

function markDifferences(still: Mark, live: Mark): string[] {
  const found: string[] = [];
  const apart =
    still.kind === "line"
      ? Math.max(distance(still.points, live.points), distance(live.points, still.points))
      : Math.max(
          ...still.points.map(([x, y], i) =>
            Math.max(Math.abs(x - live.points[i][0]), Math.abs(y - live.points[i][1])),
          ),
        );
  if (!(apart < (still.kind === "cell" ? 0.012 : 0.004))) {
    found.push(
      `${still.kind} apart by ${apart}: ${JSON.stringify([still.points.slice(0, 3), live.points.slice(0, 3)])}`,
    );
  }
  const [a, b] = [still.colour, live.colour].map((colour) =>
    (colour.match(/\d+/g) ?? []).slice(0, 3).map(Number),
  );
  if (a.length !== 3 || a.some((v, i) => Math.abs(v - b[i]) > 3))
    found.push(`${still.kind}: ${still.colour} | ${live.colour}`);
  return found;
}
