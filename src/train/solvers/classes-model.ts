import type { MatrixArguments } from "../design";
import { centre, centreSlopes, farMeans, uncentreStep } from "./centring";
import { selected } from "./chosen-columns";
import { ColumnCounts } from "./column-counts";
import { noLeaps, roomOfLeaps } from "./leap";
import { mirror } from "./mirror";
import type { Model } from "./model";
import { fillsColumns, isSafe, safetyRoom } from "./six-digits";
import type { WorkingSet } from "./working-set";

/** Sweeps within a class before the next one has its turn. */
const mostInner = 8;
/** Laps over the classes that a step takes, about. */
const laps = 5;
/** A class rests once a sweep changes this share of what its first did. */
const settled = 0.1;

/** What the model keeps of one class: its parameters are `from` to `from + size` of those that go class after class. */
interface ClassPart {
  readonly from: number;
  readonly size: number;
  readonly matrix: MatrixArguments;
  /** Curvatures of the rows, and probabilities, of this class. */
  readonly h: Float64Array;
  readonly p: Float64Array;
  readonly y: Float64Array;
  readonly H: Float64Array;
  /** Blocks to visit, by their number within the class. */
  readonly list: Uint32Array;
  /** Room for `Kernels.gram`. */
  readonly lists: Float64Array;
  /** Room for `Kernels.roughProduct` and for a factor, where that takes less time; `null` where it does not. */
  readonly rough: { readonly panel: Float64Array; readonly factor: Float64Array } | null;
  /** How leaps stand, see `noLeaps`. */
  readonly leaps: Float64Array;
  /** The place of the intercept for each parameter, and the means of columns far from zero; `null` without an intercept. */
  readonly centring: { readonly intercepts: Uint32Array; readonly means: Float64Array } | null;
}

/**
 * The multinomial model by one Hessian a class: descent within a class costs nothing of the rows, and what it does to the other
 * classes goes through the rows' margins, class after class (Friedman, Hastie and Tibshirani, 2010, section 4, but on one
 * quadratic model). A tenth of the pairs of columns that the whole Hessian takes with ten classes. Every block is one parameter.
 */
export class ClassesModel implements Model {
  readonly idle = true;
  readonly renewal: number;
  readonly u: Float64Array;
  readonly states: readonly Float64Array[];
  readonly #set: WorkingSet;
  readonly #start: Float64Array;
  readonly #g: Float64Array;
  /** The place of each parameter among those that go class after class. */
  readonly #place: Uint32Array;
  readonly #blockPlace: Uint32Array;
  readonly #parts: readonly ClassPart[];
  readonly #mean: Float64Array;
  /** Where kernels find the parameters of class after class, of which block and parameter have one number. */
  readonly #terms: Readonly<
    Record<"l1" | "l2" | "lower" | "upper" | "units" | "d" | "w" | "g" | "q", Float64Array>
  >;
  readonly #numbers: Uint32Array;
  readonly #counts: Uint32Array;
  readonly #before: Float64Array;
  /** Classes leap one after another, in one room. */
  readonly #leapRoom: { readonly room: number; readonly work: Float64Array };
  readonly #scratch: Float64Array;
  /** Parts whose Hessian is taken to six digits, which serve until columns turn out to be too much alike. */
  readonly #rough = new Set<ClassPart>();

  /** @param set whose blocks are of one parameter each */
  constructor(set: WorkingSet) {
    const { design, outputs: K, size } = set;
    const { arena, rows } = design;
    this.#set = set;
    const floats = (length: number) => arena.floats(length);
    this.u = floats(size);
    this.#start = floats(size);
    this.#g = floats(size);
    this.#mean = floats(rows);
    const counts = new ColumnCounts(design);
    const own = Array.from({ length: K }, (_, k) =>
      Array.from(set.features.keys()).filter((a) => set.classes[a] === k),
    );
    this.#place = arena.integers(size);
    let next = 0;
    for (const list of own) for (const a of list) this.#place[a] = next++;
    this.#blockPlace = arena.integers(set.blocks);
    this.#terms = {
      l1: floats(size),
      l2: floats(size),
      lower: floats(size),
      upper: floats(size),
      units: floats(size).fill(1),
      d: floats(size),
      w: floats(size),
      g: floats(size),
      q: floats(size),
    };
    for (let b = 0; b < set.blocks; b++) this.#blockPlace[b] = this.#place[set.members[set.starts[b]]];
    let from = 0;
    this.#parts = own.map((list) => {
      const columns = list.map((a) => set.features[a]).filter((column) => column < design.columns);
      const { matrix, nonzeros } = selected(design, columns, counts);
      const part = {
        from,
        size: list.length,
        matrix,
        h: floats(rows),
        p: floats(rows),
        y: floats(rows),
        H: floats(list.length ** 2),
        list: arena.integers(list.length),
        lists: floats(2 * list.length),
        rough:
          list.length === columns.length + 1 && fillsColumns(nonzeros, rows, columns.length)
            ? { panel: floats(64 * (columns.length + 4)), factor: floats(safetyRoom(list.length)) }
            : null,
        leaps: noLeaps(arena),
        centring:
          list.length === columns.length
            ? null
            : {
                intercepts: new Uint32Array(list.length).fill(list.length - 1),
                means: new Float64Array(list.length),
              },
      };
      from += list.length;
      return part;
    });
    for (const part of this.#parts) if (part.rough !== null) this.#rough.add(part);
    const each = set.work / K / rows;
    this.renewal = (each * each) / 2 / (2 * laps * (each + 1));
    const longest = Math.max(...own.map((list) => list.length));
    this.#numbers = arena.integers(longest + 1);
    for (let n = 0; n <= longest; n++) this.#numbers[n] = n;
    this.#counts = new Uint32Array(K);
    this.#before = floats(longest + 1);
    this.#leapRoom = roomOfLeaps(arena, longest);
    this.#scratch = floats(2);
    this.states = [...this.#parts.map(({ y }) => y), this.#mean];
  }

  begin(u: Float64Array, g: Float64Array, keep = false): void {
    this.u.set(u);
    this.#start.set(u);
    this.#g.set(g);
    g.forEach((slope, a) => {
      this.#terms.g[this.#place[a]] = slope;
    });
    this.#blockPlace.forEach((at, b) => {
      for (const name of ["l1", "l2", "lower", "upper"] as const) this.#terms[name][at] = this.#set[name][b];
    });
    for (const state of this.states) state.fill(0);
    if (!keep) this.#form();
  }

  #form(): void {
    const { design, outputs: K } = this.#set;
    const { shares, probabilities } = this.#curvature();
    this.#parts.forEach(({ h, p, H }, k) => {
      H.fill(0);
      for (let i = 0; i < h.length; i++) {
        p[i] = probabilities[i * K + k];
        h[i] = shares[i] * p[i] * (1 - p[i]);
      }
    });
    const parts = this.#parts.filter(({ size }) => size > 0);
    const rough = parts.filter((part) => this.#rough.has(part));
    design.team.run("roughProduct", rough.length, (n) => {
      const { matrix, h, H, rough: room } = rough[n];
      return [...matrix, h.byteOffset, H.byteOffset, room!.panel.byteOffset];
    });
    for (const part of rough) {
      const d = this.#mirrored(part);
      if (isSafe(design.kernels, part.H, d, part.rough!.factor) && !liesFar(part)) continue;
      this.#rough.delete(part);
      part.H.fill(0);
    }
    const exact = parts.filter((part) => !this.#rough.has(part));
    design.team.run("gram", exact.length, (n) => {
      const { matrix, h, H, size, lists } = exact[n];
      return [...matrix, 1, h.byteOffset, 0, 0, 0, size, H.byteOffset, lists.byteOffset];
    });
    for (const part of exact) {
      const d = this.#mirrored(part);
      if (liesFar(part)) centre(part.H, part.centring!.intercepts, part.centring!.means, d);
    }
  }

  /** Makes a part's Hessian whole; its diagonal. */
  #mirrored({ H, size, from }: ClassPart): Float64Array {
    const d = this.#terms.d.subarray(from, from + size);
    mirror(H, size, d);
    return d;
  }

  sweep(list: Uint32Array, count: number): number {
    const { w } = this.#terms;
    this.#counts.fill(0);
    for (let n = 0; n < count; n++) {
      const b = list[n];
      const k = this.#set.classes[this.#set.members[this.#set.starts[b]]];
      this.#parts[k].list[this.#counts[k]++] = this.#blockPlace[b] - this.#parts[k].from;
    }
    this.u.forEach((x, a) => {
      w[this.#place[a]] = x;
    });
    let worst = 0;
    this.#parts.forEach((part, k) => {
      if (this.#counts[k] > 0) worst = Math.max(worst, this.#descend(part, this.#counts[k]));
    });
    this.u.forEach((_, a) => {
      this.u[a] = w[this.#place[a]];
    });
    return worst;
  }

  /** g' z and half of the sum over rows of s z' (diag(p) - p p') z, of which y keeps s z and `mean` s p' z. */
  value(): number {
    const { shares } = this.#curvature();
    let sum = 0;
    for (const { p, y } of this.#parts) {
      for (let i = 0; i < p.length; i++) if (shares[i] > 0) sum += (p[i] * y[i] * y[i]) / shares[i];
    }
    const mean = this.#mean;
    for (let i = 0; i < mean.length; i++) if (shares[i] > 0) sum -= (mean[i] * mean[i]) / shares[i];
    sum /= 2;
    for (let a = 0; a < this.u.length; a++) sum += this.#g[a] * (this.u[a] - this.#start[a]);
    return sum;
  }

  /** Moves one class with the others still; the greatest change of its first sweep. */
  #descend(part: ClassPart, count: number): number {
    const { from, size, matrix, H, p, y, list, centring } = part;
    const { kernels } = this.#set.design;
    const { l1, l2, lower, upper, units, d, w, g, q } = this.#terms;
    const at = ({ byteOffset }: Float64Array) => byteOffset + 8 * from;
    const own = w.subarray(from, from + size);
    q.set(g.subarray(from, from + size), from);
    kernels.classSlopes(...matrix, p.byteOffset, y.byteOffset, this.#mean.byteOffset, size, at(q));
    if (centring !== null) centreSlopes(q.subarray(from, from + size), centring.intercepts, centring.means);
    this.#before.set(own);
    let first = 0;
    let settles = false;
    for (let sweep = 0; sweep < mostInner && !settles; sweep++) {
      const worst = kernels.descendGram(
        list.byteOffset,
        count,
        this.#numbers.byteOffset,
        this.#numbers.byteOffset,
        at(l1),
        at(l2),
        at(lower),
        at(upper),
        at(units),
        at(d),
        at(w),
        this.#scratch.byteOffset,
        size,
        H.byteOffset,
        at(q),
      );
      if (sweep === 0) first = worst;
      settles = !(worst > settled * first);
    }
    if (first === 0) return 0;
    if (!settles) this.#leap(part);
    const step = this.#before.subarray(0, size);
    for (let a = 0; a < size; a++) step[a] = own[a] - step[a];
    if (centring !== null) {
      const aside = step[size - 1];
      uncentreStep(step, centring.intercepts, centring.means);
      own[size - 1] += step[size - 1] - aside;
    }
    const { shares } = this.#curvature();
    const moved = [
      shares.byteOffset,
      p.byteOffset,
      step.byteOffset,
      y.byteOffset,
      this.#mean.byteOffset,
    ] as const;
    kernels.classMargins(...matrix, size, ...moved);
    return first;
  }

  /** Goes to the minimum of a class over its parameters that move, which sweeps would take long to reach where columns are alike. */
  #leap({ from, size, H, leaps }: ClassPart): void {
    const { l1, l2, lower, upper, w, q } = this.#terms;
    const [one, two, low, high, u, slopes] = [l1, l2, lower, upper, w, q].map(
      ({ byteOffset }) => byteOffset + 8 * from,
    );
    const numbers = this.#numbers.byteOffset;
    const { room, work } = this.#leapRoom;
    this.#set.design.kernels.leapGram(
      ...([size, numbers, numbers, one, two, low, high, u, size] as const),
      ...([H.byteOffset, slopes, room, work.byteOffset, leaps.byteOffset] as const),
    );
  }

  #curvature() {
    const curvature = this.#set.loss.curvature();
    if (curvature.kind !== "classes") throw new TypeError("not a loss of many outputs");
    return curvature;
  }
}

/** Finds the means of the columns that lie far from zero; whether there are any. */
function liesFar({ H, centring }: ClassPart): boolean {
  return centring !== null && farMeans(H, centring.intercepts, centring.means);
}
