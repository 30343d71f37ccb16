import type { Axis, Datum, Layout, Trace } from "./figure";
import { byKey, type Groups, groupedAxis, inBlocks, largestOf } from "./neighbours";
import { type AxisKey, axesOf, numberOf, placesOfNames, positionOn } from "./places";
import { largestTriangles, rounded, spanOf, spreadOut, unitScaled } from "./thin";

/** How many marks of each kind a figure shows at most: more than a screen can tell apart. */
const most = { points: 5_000, bars: 1_500, cells: 10_000, names: 400 } as const;

/** A figure with fewer marks, and how many of what are left. */
interface Reduced {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  readonly note: string;
}

/** What a trace was reduced to. */
interface Part {
  readonly trace: Trace;
  readonly points?: { readonly drawn: number; readonly all: number };
  readonly note?: string;
}

interface Drawn {
  readonly trace: Trace;
  readonly keys: readonly [AxisKey, AxisKey];
  /** How many points, bars or cells it has. */
  readonly count: number;
}

/** Reduces one figure to any share of the most that is shown. */
export class Reducer {
  readonly #drawn: readonly Drawn[];
  readonly #names = new Map<AxisKey, ReadonlyMap<string, number>>();
  readonly #places = new Map<Trace, readonly [Float64Array, Float64Array]>();

  constructor(
    data: readonly Trace[],
    private readonly layout: Layout,
  ) {
    this.#drawn = data.map((trace) => ({ trace, keys: axesOf(trace), count: countOf(trace) }));
    for (const key of new Set(this.#drawn.flatMap(({ keys }) => keys))) {
      const values = this.#drawn.flatMap(({ trace, keys }) =>
        keys[0] === key ? [trace.x] : keys[1] === key ? [trace.y] : [],
      );
      this.#names.set(key, placesOfNames(this.#axis(key), values));
    }
  }

  /** Whether there are no more marks than are shown at most. */
  get small(): boolean {
    return (
      this.#total("scatter") <= most.points &&
      this.#total("bar") <= most.bars &&
      this.#total("heatmap") <= most.cells &&
      [...this.#names.values()].every((names) => names.size <= most.names)
    );
  }

  /** The figure with at most `share` of the marks that are shown at most. */
  at(share: number): Reduced {
    const axes = new Map([...this.#names.keys()].map((key) => [key, this.#grouped(key, share)] as const));
    const points = this.#shares("scatter", most.points * share);
    const bars = this.#shares("bar", most.bars * share);
    const parts = this.#drawn.map((drawn): Part => {
      const { trace, keys } = drawn;
      const [x, y] = keys.map((key) => axes.get(key) as Groups);
      if (trace.type === "heatmap") return cellsOf(trace, x, y, this.#block(drawn, share));
      if (trace.type === "bar") return this.#bars(drawn, x, y, bars.get(trace) as number);
      return this.#points(drawn, x, y, points.get(trace) as number);
    });
    return {
      data: parts.map(({ trace }) => trace),
      layout: { ...this.layout, ...Object.fromEntries([...axes].map(([key, { axis }]) => [key, axis])) },
      note: noteOf(parts, [...axes.values()]),
    };
  }

  #axis(key: AxisKey): Axis {
    return this.layout[key] ?? { type: "linear", range: [0, 1] };
  }

  #total(type: Trace["type"]): number {
    return this.#drawn.reduce((sum, { trace, count }) => sum + (trace.type === type ? count : 0), 0);
  }

  /** An equal share for each trace; what a small one does not need goes to the others. */
  #shares(type: Trace["type"], total: number): Map<Trace, number> {
    const sorted = this.#drawn.filter(({ trace }) => trace.type === type).sort((a, b) => a.count - b.count);
    let left = total;
    return new Map(
      sorted.map(({ trace, count }, i) => {
        const share = Math.max(Math.min(count, Math.floor(left / (sorted.length - i))), 2);
        left -= share;
        return [trace, share] as const;
      }),
    );
  }

  #grouped(key: AxisKey, share: number): Groups {
    const axis = this.#axis(key);
    const names = this.#names.get(key) as ReadonlyMap<string, number>;
    const cells = this.#drawn.filter(({ trace, keys }) => trace.type === "heatmap" && keys.includes(key));
    const blocks = cells.map((drawn) => this.#block(drawn, share));
    const block = Math.max(...blocks, Math.ceil(names.size / Math.max(most.names * share, 2)));
    return axis.type === "category" ? groupedAxis(axis, names, block) : groupedAxis(axis, names, 1);
  }

  /** How many neighbouring cells, in each direction, make one. */
  #block({ trace }: Drawn, share: number): number {
    const [rows, columns] = [trace.z?.length ?? 0, trace.z?.[0]?.length ?? 0];
    const limit = Math.max((most.cells * share * rows * columns) / this.#total("heatmap"), 4);
    let block = Math.max(Math.floor(Math.sqrt((rows * columns) / limit)), 1);
    while (Math.ceil(rows / block) * Math.ceil(columns / block) > limit) block = Math.ceil(block * 1.05);
    return block;
  }

  #points({ trace, keys, count }: Drawn, x: Groups, y: Groups, limit: number): Part {
    const [across, up] = this.#placesOf(trace, keys);
    const kept = trace.mode?.includes("lines")
      ? largestTriangles(across, up, limit)
      : spreadOut(across, up, limit);
    return {
      trace: shortened(picked(trace, kept, count), x, y),
      points: { drawn: kept.length, all: count },
    };
  }

  #bars({ trace, keys, count }: Drawn, x: Groups, y: Groups, limit: number): Part {
    const flat = trace.orientation === "h";
    const [names, values] = flat ? [trace.y, trace.x] : [trace.x, trace.y];
    const along = flat ? y : x;
    const size = (i: number) => numberOf(values[i]);
    if (along.axis.type === "category") {
      if (count <= limit && along.block === 1) return { trace: shortened(trace, x, y) };
      const groups = byKey(names.slice(0, count).map(along.groupOf));
      const kept = groups.map((group) => largestOf(size, group));
      return { trace: shortened(picked(trace, kept, count), x, y) };
    }
    if (count <= limit) return { trace: shortened(trace, x, y) };
    const places = this.#rawPlaces(names, flat ? keys[1] : keys[0], count);
    const order = sorted(places);
    const block = Math.ceil(count / limit);
    const groups = inBlocks(order.length, block).map(([from, to]) => order.subarray(from, to));
    const kept = groups.map((group) => largestOf(size, group));
    const middles = groups.map((group) => (places[group[0]] + places[group[group.length - 1]]) / 2);
    const gap = (places[order[order.length - 1]] - places[order[0]]) / Math.max(order.length - 1, 1);
    const widths = groups.map((group) => rounded(places[group[group.length - 1]] - places[group[0]] + gap));
    const thinned = shortened(
      { ...picked(trace, kept, count), width: widths, [flat ? "y" : "x"]: middles },
      x,
      y,
    );
    return { trace: thinned, note: `bars: the largest of each ${block} neighbours` };
  }

  #placesOf(trace: Trace, keys: readonly [AxisKey, AxisKey]): readonly [Float64Array, Float64Array] {
    const known = this.#places.get(trace);
    if (known !== undefined) return known;
    const count = countOf(trace);
    const x = this.#rawPlaces(trace.x, keys[0], count);
    const places = [unitScaled(x), unitScaled(this.#rawPlaces(trace.y, keys[1], count))] as const;
    this.#places.set(trace, places);
    return places;
  }

  #rawPlaces(values: readonly Datum[], key: AxisKey, count: number): Float64Array {
    const position = positionOn(this.#axis(key), this.#names.get(key) as ReadonlyMap<string, number>);
    return Float64Array.from({ length: count }, (_, i) => position(values[i]));
  }
}

function countOf({ type, x, y, z }: Trace): number {
  if (type === "heatmap") return (z ?? []).reduce((sum, row) => sum + row.length, 0);
  return Math.min(x.length, y.length);
}

function sorted(places: Float64Array): Uint32Array {
  const order = Uint32Array.from(places.keys()).filter((i) => !Number.isNaN(places[i]));
  const rising = order.every((i, k) => k === 0 || places[order[k - 1]] <= places[i]);
  return rising ? order : order.sort((a, b) => places[a] - places[b] || a - b);
}

/** The trace with the chosen of `count` points: all that is told of points, one by one, follows them. */
function picked(trace: Trace, kept: readonly number[], count: number): Trace {
  const pick = (part: object): object =>
    Object.fromEntries(
      Object.entries(part).map(([key, value]) => {
        if (Array.isArray(value) && value.length >= count && count > 0)
          return [key, kept.map((i) => value[i])];
        const nested = (key === "marker" || key === "line") && typeof value === "object" && value !== null;
        return [key, nested ? pick(value) : value];
      }),
    );
  return pick(trace) as Trace;
}

/** Numbers as exact as a screen of a hundred thousand pixels, names as those of their groups. */
function shortened(trace: Trace, x: Groups, y: Groups): Trace {
  return { ...trace, x: shortValues(trace.x, x), y: shortValues(trace.y, y) };
}

function shortValues(values: readonly Datum[], { axis, block, groupOf }: Groups): readonly Datum[] {
  if (axis.type === "category") return block === 1 ? values : values.map(groupOf);
  if (axis.type === "log") return values.map((v) => (typeof v === "number" ? rounded(v) : v));
  const round = roundedWithin(values.map(numberOf));
  return values.map((v) => (typeof v === "number" ? round(v) : v));
}

function roundedWithin(values: readonly number[]): (value: number) => number {
  const { low, high } = spanOf(values);
  const decimals = 5 - Math.floor(Math.log10(high - low));
  if (!(decimals >= 0 && decimals <= 20)) return rounded;
  return (value) => Number(value.toFixed(decimals));
}

function cellsOf(trace: Trace, x: Groups, y: Groups, block: number): Part {
  const z = trace.z ?? [];
  const columns = groupsOf(trace.x, z[0]?.length ?? 0, x, block);
  const rows = groupsOf(trace.y, z.length, y, block);
  const round = roundedWithin(
    z.flatMap((row) => [spanOf(row.map(numberOf))].flatMap((s) => [s.low, s.high])),
  );
  const width = z[0]?.length ?? 0;
  const chosen = rows.map((row) =>
    columns.map((column) =>
      largestOf(
        (at) => numberOf(z[Math.floor(at / width)][at % width]),
        row.flatMap((r) => column.map((c) => r * width + c)),
      ),
    ),
  );
  const cell = <T>(of: readonly (readonly T[])[]) =>
    chosen.map((row) => row.map((at) => of[Math.floor(at / width)]?.[at % width] as T));
  const aggregated = columns.length < width || rows.length < z.length;
  const text = trace.text as readonly (readonly string[])[] | undefined;
  return {
    trace: {
      ...trace,
      x: namesOfGroups(trace.x, columns, x),
      y: namesOfGroups(trace.y, rows, y),
      z: cell(z).map((row) => row.map((v) => (typeof v === "number" ? round(v) : null))),
      ...(aggregated ? { xgap: 0, ygap: 0 } : {}),
      ...(Array.isArray(text?.[0]) ? { text: cell(text as readonly (readonly string[])[]) } : {}),
    },
    ...(aggregated ? { note: `cells: the largest of each ${block} × ${block} neighbours` } : {}),
  };
}

function groupsOf(
  values: readonly Datum[],
  count: number,
  axis: Groups,
  block: number,
): (readonly number[])[] {
  const of = values.slice(0, count);
  if (axis.axis.type === "category")
    return axis.block === 1 ? of.map((_, i) => [i]) : byKey(of.map(axis.groupOf));
  return inBlocks(count, block).map(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
}

function namesOfGroups(values: readonly Datum[], groups: readonly (readonly number[])[], axis: Groups) {
  if (axis.axis.type === "category") return groups.map(([first]) => axis.groupOf(values[first]));
  return groups.map((group) => {
    if (group.length === 1) return values[group[0]];
    return rounded((numberOf(values[group[0]]) + numberOf(values[group[group.length - 1]])) / 2);
  });
}

function noteOf(parts: readonly Part[], axes: readonly Groups[]): string {
  const drawn = parts.reduce((sum, { points }) => sum + (points?.drawn ?? 0), 0);
  const all = parts.reduce((sum, { points }) => sum + (points?.all ?? 0), 0);
  const named = Math.max(...axes.map(({ block }) => block), 1);
  const notes = new Set([
    ...(drawn < all ? [`${drawn.toLocaleString("en")} of ${all.toLocaleString("en")} points drawn`] : []),
    ...parts.flatMap(({ note }) => (note === undefined ? [] : [note])),
    ...(named > 1 && parts.every(({ trace }) => trace.type !== "heatmap")
      ? [`names in groups of ${named}, the largest of each drawn`]
      : []),
  ]);
  return [...notes].join("; ");
}
